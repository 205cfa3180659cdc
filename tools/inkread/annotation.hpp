// SPDX-License-Identifier: MIT
// Copies of what was read, on which every digit has a frame and its label beside it.
#pragma once

#include "engine/base/image.hpp"
#include "engine/recognizer/reading.hpp"
#include "engine/vision/strokes.hpp"

namespace inkread {

/// A copy of a picture that was read, by whole factors enlarged or reduced so that labels can be read and its
/// longer side is at most 1600 pixels. It grows at its upper edge where labels would not fit. Frames and tags
/// of a reading that is not accepted are faint.
RgbaImage annotate(RgbaView picture, const Reading& reading);

/// The same of pen strokes, drawn dark on white.
RgbaImage annotate(const StrokeInk& drawing, const Reading& reading);

}  // namespace inkread
