// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "engine/base/random.hpp"
#include "engine/decode/image_decoder.hpp"
#include "tests/support/picture_files.hpp"
#include "tests/support/pixels.hpp"

namespace {

using namespace inkread;
using namespace inkread::test;

using Rgba = std::array<int, 4>;
constexpr Rgba kRed{255, 0, 0, 255};
constexpr Rgba kGreen{0, 255, 0, 255};
constexpr Rgba kBlue{0, 0, 255, 255};
constexpr Rgba kWhite{255, 255, 255, 255};

bool near(const RgbaImage& picture, int x, int y, const Rgba& colour, int tolerance) {
  const std::uint8_t* pixel = pixel_at(picture.view(), x, y);
  for (std::size_t c = 0; c < 4; ++c) {
    if (std::abs(pixel[c] - colour[c]) > tolerance) return false;
  }
  return true;
}

/// The scene of tests/fixtures/images/make.py, looked at in the middle of its quarters.
void check_scene(const std::string& name, int tolerance) {
  CAPTURE(name);
  const Result<RgbaImage> decoded = decode_image(as_file(read_fixture(name)));
  REQUIRE(decoded.ok());
  const RgbaImage& picture = decoded.value();
  REQUIRE(picture.width == 48);
  REQUIRE(picture.height == 32);
  REQUIRE(picture.channels == 4);
  CHECK(near(picture, 11, 7, kRed, tolerance));
  CHECK(near(picture, 36, 7, kGreen, tolerance));
  CHECK(near(picture, 11, 24, kBlue, tolerance));
  CHECK(near(picture, 36, 24, kWhite, tolerance));
}

ErrorCode code_of(const Bytes& file) {
  const Result<RgbaImage> decoded = decode_image(as_file(file));
  REQUIRE(!decoded.ok());
  CHECK(!decoded.error().detail.empty());
  return decoded.error().code;
}

RgbaImage noise(int width, int height) {
  RgbaImage picture(width, height, 4);
  Random random(7);
  for (std::uint8_t& value : picture.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return picture;
}

}  // namespace

TEST_CASE("a PNG comes back pixel for pixel, transparency included") {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 5}, {200, 120}}) {
    const RgbaImage picture = noise(width, height);
    const Result<RgbaImage> decoded = decode_image(as_file(encode_png(picture.view())));
    REQUIRE(decoded.ok());
    CHECK(decoded.value().width == width);
    CHECK(decoded.value().height == height);
    CHECK(decoded.value().pixels == picture.pixels);
  }
}

TEST_CASE("a BMP comes back pixel for pixel, opaque") {
  RgbaImage picture = noise(7, 5);
  for (std::size_t i = 3; i < picture.pixels.size(); i += 4) picture.pixels[i] = 255;
  const Result<RgbaImage> decoded = decode_image(as_file(encode_bmp(picture.view())));
  REQUIRE(decoded.ok());
  CHECK(decoded.value().pixels == picture.pixels);
}

TEST_CASE("a GIF comes back pixel for pixel") {
  Image<std::uint8_t> indices(9, 4);
  for (std::size_t i = 0; i < indices.pixels.size(); i += 3) indices.pixels[i] = 1;
  const Result<RgbaImage> decoded = decode_image(as_file(encode_gif(indices)));
  REQUIRE(decoded.ok());
  REQUIRE(decoded.value().width == 9);
  for (std::size_t i = 0; i < indices.pixels.size(); ++i) {
    CHECK(decoded.value().pixels[i * 4] == indices.pixels[i] * 255);
    CHECK(decoded.value().pixels[i * 4 + 3] == 255);
  }
}

TEST_CASE("files of other encoders show what they hold") {
  for (const char* name : {"rgb.png", "palette.png", "rgb.bmp", "palette.bmp", "still.gif", "moving.gif"}) {
    check_scene(name, 0);
  }
  check_scene("progressive.jpg", 8);
  check_scene("cmyk.jpg", 8);
}

TEST_CASE("a JPEG is turned upright by its EXIF orientation, in either byte order") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    check_scene("orientation" + std::to_string(orientation) + ".jpg", 8);
  }
}

TEST_CASE("a PNG is turned upright by its EXIF orientation") {
  check_scene("orientation6.png", 0);
}

TEST_CASE("grey files have equal channels") {
  const Result<RgbaImage> decoded = decode_image(as_file(read_fixture("gray.jpg")));
  REQUIRE(decoded.ok());
  CHECK(near(decoded.value(), 36, 24, kWhite, 4));
  CHECK(near(decoded.value(), 36, 7, {150, 150, 150, 255}, 4));
}

TEST_CASE("16 bits a channel are reduced to 8") {
  const Result<RgbaImage> decoded = decode_image(as_file(read_fixture("gray16.png")));
  REQUIRE(decoded.ok());
  CHECK(near(decoded.value(), 0, 0, {0, 0, 0, 255}, 0));
  CHECK(near(decoded.value(), 1, 0, {127, 127, 127, 255}, 0));
  CHECK(near(decoded.value(), 2, 0, {128, 128, 128, 255}, 0));
  CHECK(near(decoded.value(), 3, 0, kWhite, 0));
}

TEST_CASE("a transparent palette colour has alpha 0") {
  const Result<RgbaImage> decoded = decode_image(as_file(read_fixture("transparent.png")));
  REQUIRE(decoded.ok());
  CHECK(near(decoded.value(), 11, 7, kRed, 0));
  CHECK(near(decoded.value(), 36, 24, {255, 255, 255, 0}, 0));
}

TEST_CASE("no bytes are empty, unknown bytes are no picture") {
  CHECK(code_of({}) == ErrorCode::kEmpty);
  CHECK(code_of({0}) == ErrorCode::kNotAnImage);
  CHECK(code_of(Bytes(1000, 0x5A)) == ErrorCode::kNotAnImage);
  Bytes text;
  append(text, "BMW and other words that begin like a bitmap");
  CHECK(code_of(text) == ErrorCode::kNotAnImage);
}

TEST_CASE("formats that are not decoded are named") {
  using namespace std::string_view_literals;
  const auto detail = [](std::string_view bytes) {
    Bytes file;
    append(file, bytes);
    file.resize(file.size() + 64);
    const Result<RgbaImage> decoded = decode_image(as_file(file));
    REQUIRE(!decoded.ok());
    CHECK(decoded.error().code == ErrorCode::kUnsupported);
    return decoded.error().detail;
  };
  CHECK(detail("RIFF\0\0\0\0WEBPVP8 "sv) == "a WebP picture");
  CHECK(detail("\0\0\0\x1C"
               "ftypavif"sv) == "an AVIF picture");
  CHECK(detail("\0\0\0\x1C"
               "ftypheic"sv) == "a HEIC picture");
  CHECK(detail("II*\0\x08\0\0\0"sv) == "a TIFF picture");
  CHECK(detail("MM\0*\0\0\0\x08"sv) == "a TIFF picture");
  CHECK(detail("%PDF-1.7"sv) == "a PDF document");
  CHECK(detail("\xFF\x0A"sv) == "a JPEG XL picture");
  CHECK(detail("<svg xmlns="sv) == "an SVG drawing");
}

TEST_CASE("sizes beyond the limits are refused before any pixel is decoded") {
  const Bytes no_pixels = zlib_stored({0});
  CHECK(code_of(png_file(100'000, 100'000, no_pixels)) == ErrorCode::kTooLarge);
  CHECK(code_of(png_file(20'000, 20'000, no_pixels)) == ErrorCode::kTooLarge);
  CHECK(code_of(png_file(0xFFFFFFFFU, 0xFFFFFFFFU, no_pixels)) == ErrorCode::kTooLarge);
  CHECK(code_of(png_file(20'001, 1, no_pixels)) == ErrorCode::kTooLarge);
  CHECK(code_of(png_file(0, 10, no_pixels)) == ErrorCode::kMalformed);
  CHECK(code_of(Bytes(DecodeLimits::kFileBytes + 1, 0x89)) == ErrorCode::kTooLarge);
  const Result<RgbaImage> decoded = decode_image(as_file(png_file(20'000, 20'000, no_pixels)));
  CHECK(decoded.error().detail.find("20000 x 20000 pixels") != std::string::npos);
}

TEST_CASE("a small picture that unpacks to hundreds of megabytes is refused") {
  CHECK(code_of(png_file(1, 1, zlib_bomb(2U << 20U))) == ErrorCode::kTooLarge);
}

TEST_CASE("a JPEG with endless scans is refused") {
  Bytes file = read_fixture("progressive.jpg");
  REQUIRE(file.size() > 2);
  file.resize(file.size() - 2);
  for (int i = 0; i < 200; ++i) append(file, Bytes{0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0});
  append(file, Bytes{0xFF, 0xD9});
  CHECK(code_of(file) == ErrorCode::kTooLarge);
}

TEST_CASE("a JPEG whose Huffman table has too many codes is refused, before and after the first scan") {
  const Bytes file = read_fixture("progressive.jpg");
  Bytes table{0xFF, 0xC4, 0, 19, 0};
  table.resize(table.size() + 16, 255);
  Bytes early = file;
  early.insert(early.begin() + 2, table.begin(), table.end());
  CHECK(code_of(early) == ErrorCode::kMalformed);
  Bytes late = file;
  late.insert(late.end() - 2, table.begin(), table.end());
  CHECK(code_of(late) == ErrorCode::kMalformed);
}

TEST_CASE("BMP sizes that overflow are refused") {
  Bytes file = encode_bmp(noise(2, 2).view());
  for (const std::uint8_t top : Bytes{0x7F, 0x80, 0xFF}) {
    for (const std::size_t field : {18U, 22U}) {
      Bytes lie = file;
      lie[field + 3] = top;
      CHECK(!decode_image(as_file(lie)).ok());
    }
  }
}

namespace {

const std::array kFixtures = {"rgb.png",         "palette.png",      "transparent.png", "gray16.png",
                              "rgb.bmp",         "palette.bmp",      "still.gif",       "moving.gif",
                              "gray.jpg",        "orientation6.jpg", "progressive.jpg", "cmyk.jpg",
                              "orientation6.png"};

}  // namespace

TEST_CASE("a file cut anywhere before its picture ends says that it ends too early") {
  for (const char* name : kFixtures) {
    CAPTURE(name);
    const Bytes whole = read_fixture(name);
    REQUIRE(whole.size() > 20);
    for (std::size_t size = 1; size < whole.size(); ++size) {
      CAPTURE(size);
      const Result<RgbaImage> decoded =
          decode_image(as_file(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
      // The end of a GIF (its trailer, its later frames) may be missing.
      const bool picture_is_whole = decoded.ok() && std::string_view(name).ends_with(".gif");
      const bool signature_is_cut =
          !decoded.ok() && decoded.error().code == ErrorCode::kNotAnImage && size < 10;
      const bool truncated = !decoded.ok() && decoded.error().code == ErrorCode::kTruncated;
      CHECK((picture_is_whole || signature_is_cut || truncated));
    }
  }
}

TEST_CASE("damaged files give a picture or an error, never a fault") {
  Random random(1);
  int refused = 0;
  for (const char* name : kFixtures) {
    CAPTURE(name);
    const Bytes whole = read_fixture(name);
    REQUIRE(!whole.empty());
    for (int round = 0; round < 300; ++round) {
      Bytes file = whole;
      const std::uint32_t changes = 1 + random.below(4);
      for (std::uint32_t i = 0; i < changes; ++i) {
        file[random.below(static_cast<std::uint32_t>(file.size()))] =
            static_cast<std::uint8_t>(random.below(256));
      }
      const Result<RgbaImage> decoded = decode_image(as_file(file));
      if (!decoded.ok()) {
        ++refused;
        CHECK(!decoded.error().detail.empty());
      } else {
        CHECK(decoded.value().pixels.size() == static_cast<std::size_t>(decoded.value().width) *
                                                   static_cast<std::size_t>(decoded.value().height) * 4);
      }
    }
  }
  CHECK(refused > 100);
}
