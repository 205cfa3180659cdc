// SPDX-License-Identifier: MIT
// What reports are written with: self-contained pages of HTML.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/image.hpp"

namespace inkread::report {

/// The text so that HTML shows it as it is, in attributes too.
[[nodiscard]] std::string escape(std::string_view text);

/// A share as per cent, "98.62 %", that no line breaks apart.
[[nodiscard]] std::string percent(double share, int decimals = 2);
/// "0.0376"
[[nodiscard]] std::string decimal(double value, int decimals);
/// A large number to three digits or so: "309.8 k", "6.32 M".
[[nodiscard]] std::string short_count(double number);

/// The grey picture as the address of an <img>.
[[nodiscard]] std::string picture_address(const Image<std::uint8_t>& picture);

struct Column {
  std::string title;      ///< text
  bool is_number = true;  ///< set to the right
};
using Row = std::vector<std::string>;  ///< HTML, a cell a column; the first is the row's heading
enum class Caption : std::uint8_t { kShown, kHeard };
/// A table that a screen reader can tell; too wide, it scrolls by itself. Where a heading says the same,
/// the caption is only heard.
[[nodiscard]] std::string table(const std::string& caption, const std::vector<Column>& columns,
                                const std::vector<Row>& rows, Caption how = Caption::kShown);

/// Under a heading, a sentence (HTML) on how to read what follows.
[[nodiscard]] std::string section(const std::string& heading, const std::string& how_to_read,
                                  const std::string& content);

/// Figures of their own, large: label, value, and what stands small below (text).
struct Figure {
  std::string label;
  std::string value;
  std::string note;
};
[[nodiscard]] std::string figures(const std::vector<Figure>& items);

/// The whole page; `lead` and `body` are HTML. It may load nothing, and says so to the browser.
[[nodiscard]] std::string page(const std::string& title, const std::string& lead, const std::string& body);

/// Throws a Failure now if write_report() could not write there.
void check_report_folder(const std::filesystem::path& folder);
/// Writes index.html and report.json. Throws Failure.
void write_report(const std::filesystem::path& folder, const std::string& html,
                  const nlohmann::ordered_json& json);
/// JSON as text; names of files may hold any bytes.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

}  // namespace inkread::report
