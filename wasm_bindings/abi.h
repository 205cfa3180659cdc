// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// The engine as WebAssembly exports. inkread.js is their one caller.
///
/// Memory: the caller puts its input into memory from inkread_allocate and gives that back with
/// inkread_release; the engine keeps no pointer into it after a call. Any call may grow the memory, which
/// detaches every typed array over it. What inkread_result points to belongs to the context until its next
/// call.
///
/// Errors: the functions that return a status give 0, or the number of an inkread::ErrorCode; the result is
/// then the error's text, UTF-8.
///
/// Ends: a call that runs out of memory leaves through proc_exit(kInkreadExitOutOfMemory), and a bug in the
/// engine traps. Neither unwinds, so the instance must not be called again.
///
/// A Reading is a record of little-endian 32-bit values (u unsigned, f IEEE 754) without padding:
///
///     u version        kInkreadAbiVersion
///     u reason         inkread::Reason
///     f confidence
///     u width, height
///     u bytes          of the text that follows, UTF-8
///     u digits         as many times:
///       u label
///       f x, y, width, height
///       f slant, tilt, stroke width, width, height; u loops    inkread::WritingStyle
///       f probabilities[10]
///       f tile[784]
///     u marks          as many times:
///       u sign         '.', ',', '-' or '='
///       f x, y, width, height
///     u alternatives   as many times:
///       f confidence
///       u bytes        of the text that follows, UTF-8
///     u width, height  of the ink that follows; 0 unless inkread_keep_ink
///     f left, top, scale    inkread::ReadInk
///     width * height bytes, row by row: 0 paper, 255 ink
///
/// An Explanation is another:
///
///     u layers         as many times:
///       u bytes        of the operator's name that follows, UTF-8
///       u channels, height, width
///       f values[channels * height * width]
///       u filter height, filter width    0 where there are no filters
///       f filters[channels * filter height * filter width]
///     f influence[784]
///
/// A layout is the number of an inkread::Layout; turns, left, top, width and height are an
/// inkread::PicturePart's.
///
/// Changing a signature or the record raises kInkreadAbiVersion here and in inkread.js.
enum { kInkreadAbiVersion = 4, kInkreadExitOutOfMemory = 12 };

#define INKREAD_EXPORT __attribute__((used, visibility("default")))

extern "C" {

/// A network with its working memory, and the result of the last call. Calls on one context must not overlap.
struct inkread_context;

/// kInkreadAbiVersion, to compare before any other call.
INKREAD_EXPORT std::uint32_t inkread_abi_version();

/// Memory for an input, aligned for any number; null when there is not enough.
INKREAD_EXPORT void* inkread_allocate(std::size_t size);
/// Gives back memory from inkread_allocate. Null is allowed.
INKREAD_EXPORT void inkread_release(void* memory);

/// A context without a network.
INKREAD_EXPORT inkread_context* inkread_create();
/// Frees a context. Null is allowed.
INKREAD_EXPORT void inkread_destroy(inkread_context* context);
/// Reads the network from the bytes of a weights file. After an error the context has none. No result.
INKREAD_EXPORT std::uint32_t inkread_load(inkread_context* context, const std::uint8_t* file,
                                          std::size_t size);

/// The bare network: `image_values` = n * 784 grey values in, `answer_values` = n * 10 probabilities out. No
/// result.
INKREAD_EXPORT std::uint32_t inkread_probabilities(inkread_context* context, const float* images,
                                                   std::size_t image_values, float* answers,
                                                   std::size_t answer_values);
/// Reads a part of an encoded picture. The result is a Reading.
INKREAD_EXPORT std::uint32_t inkread_read_file(inkread_context* context, const std::uint8_t* file,
                                               std::size_t size, std::uint32_t layout, std::uint32_t turns,
                                               float left, float top, float part_width, float part_height);
/// Reads a part of width x height pixels of red, green, blue, alpha; `size` is in bytes. The result is a
/// Reading.
INKREAD_EXPORT std::uint32_t inkread_read_pixels(inkread_context* context, const std::uint8_t* rgba,
                                                 std::size_t size, std::uint32_t width, std::uint32_t height,
                                                 std::uint32_t layout, std::uint32_t turns, float left,
                                                 float top, float part_width, float part_height);
/// Reads pen strokes: `points` are x, y pairs of all strokes in turn, `lengths` the points of each stroke.
/// The result is a Reading.
INKREAD_EXPORT std::uint32_t inkread_read_strokes(inkread_context* context, const float* points,
                                                  std::size_t point_count, const std::uint32_t* lengths,
                                                  std::size_t stroke_count, std::uint32_t layout);

/// Whether Readings from now on hold their ink. No result.
INKREAD_EXPORT void inkread_keep_ink(inkread_context* context, std::uint32_t keep);
/// What each layer makes of 784 grey values, and which of them speak for the label. The result is an
/// Explanation.
INKREAD_EXPORT std::uint32_t inkread_explain(inkread_context* context, const float* tile,
                                             std::uint32_t label);

/// The last call's result: a Reading, an Explanation, an error's text, or nothing.
INKREAD_EXPORT const std::uint8_t* inkread_result(const inkread_context* context);
/// Its bytes.
INKREAD_EXPORT std::size_t inkread_result_size(const inkread_context* context);
}
