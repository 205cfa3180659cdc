// The page Home.

import { keepOffline } from './offline.js';

keepOffline();
