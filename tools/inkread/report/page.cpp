// SPDX-License-Identifier: MIT
#include "tools/inkread/report/page.hpp"

#include <cstddef>
#include <cstdio>

#include "tools/inkread/files.hpp"
#include "tools/inkread/png_file.hpp"
#include "tools/inkread/report/style.hpp"

namespace inkread::report {
namespace {

constexpr const char* kPage = "index.html";
constexpr const char* kNumbers = "report.json";

std::string base64(const Bytes& bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = i; j < i + 3; ++j) {
      group = group << 8U | (j < bytes.size() ? std::to_integer<std::uint32_t>(bytes[j]) : 0U);
    }
    for (unsigned digit = 0; digit < 4; ++digit) {
      const bool is_padding = i + digit > bytes.size();
      text += is_padding ? '=' : kDigits[group >> (18U - 6U * digit) & 63U];
    }
  }
  return text;
}

/// A cell of a table; `scope` is that of a heading, or nothing.
std::string cell(const std::string& tag, const std::string& scope, const Column& column,
                 const std::string& content) {
  return "<" + tag + (scope.empty() ? "" : " scope=\"" + scope + "\"") +
         (column.is_number ? ">" : " class=\"words\">") + content + "</" + tag + ">";
}

}  // namespace

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string percent(double share, int decimals) {
  return decimal(100 * share, decimals) + "\u00A0%";
}

std::string decimal(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string short_count(double number) {
  char text[64];
  if (number >= 1e6) {
    std::snprintf(text, sizeof text, "%.3g M", number / 1e6);
  } else if (number >= 1e3) {
    std::snprintf(text, sizeof text, "%.3g k", number / 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.3g", number);
  }
  return text;
}

std::string picture_address(const Image<std::uint8_t>& picture) {
  return "data:image/png;base64," + base64(encode_png(picture));
}

std::string table(const std::string& caption, const std::vector<Column>& columns,
                  const std::vector<Row>& rows, Caption how) {
  const std::string words = escape(caption);
  const std::string shown =
      how == Caption::kShown ? words : "<span class=\"visually-hidden\">" + words + "</span>";
  std::string html = R"(<div class="scroll" role="group" tabindex="0" aria-label=")" + words +
                     "\"><table>\n<caption>" + shown + "</caption>\n<thead><tr>";
  for (const Column& column : columns) html += cell("th", "col", column, escape(column.title));
  html += "</tr></thead>\n<tbody>\n";
  for (const Row& row : rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      html += i == 0 ? cell("th", "row", columns[i], row[i]) : cell("td", "", columns[i], row[i]);
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string section(const std::string& heading, const std::string& how_to_read, const std::string& content) {
  return "<section>\n<h2>" + escape(heading) + "</h2>\n<p class=\"how\">" + how_to_read + "</p>\n" + content +
         "</section>\n";
}

std::string figures(const std::vector<Figure>& items) {
  std::string html = "<dl class=\"figures\">\n";
  for (const Figure& item : items) {
    html += "<div><dt>" + escape(item.label) + "</dt><dd>" + escape(item.value);
    html += item.note.empty() ? "" : "<small>" + escape(item.note) + "</small>";
    html += "</dd></div>\n";
  }
  return html + "</dl>\n";
}

std::string page(const std::string& title, const std::string& lead, const std::string& body) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         escape(title) + " - Inkread</title>\n<style>\n" + kStyle +
         "</style>\n</head>\n<body>\n<header>\n<h1>" + escape(title) + "</h1>\n<p class=\"lead\">" + lead +
         "</p>\n</header>\n<main>\n" + body +
         "</main>\n<footer>\n<p>Written by Inkread. The same numbers for programs are in " + kNumbers +
         " beside this page.</p>\n</footer>\n</body>\n</html>\n";
}

void check_report_folder(const std::filesystem::path& folder) {
  check_writable(folder / kPage);
  check_writable(folder / kNumbers);
}

void write_report(const std::filesystem::path& folder, const std::string& html,
                  const nlohmann::ordered_json& json) {
  write_file(folder / kPage, html);
  write_file(folder / kNumbers, json_text(json) + "\n");
}

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace inkread::report
