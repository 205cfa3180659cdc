// Drives the system's Firefox, of Debian or Mozilla, over WebDriver BiDi.

import { existsSync } from 'node:fs';
import { env } from 'node:process';

import { firefox } from 'playwright-core';

const WELL_KNOWN = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];

/** The browser's path; undefined where there is none. */
export const findFirefox = () => env.FIREFOX ?? WELL_KNOWN.find((file) => existsSync(file));

/** A browser with a fresh profile. */
export function launchFirefox() {
  return firefox.launch({ channel: 'moz-firefox', executablePath: findFirefox() });
}
