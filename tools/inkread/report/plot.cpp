// SPDX-License-Identifier: MIT
#include "tools/inkread/report/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "tools/inkread/progress.hpp"
#include "tools/inkread/report/page.hpp"

namespace inkread::report {
namespace {

// Sizes in the drawing's own units, which are pixels where there is room for all of it.
constexpr double kWidth = 400;
constexpr double kHeight = 280;
constexpr double kSmallWidth = 310;
constexpr double kSmallHeight = 220;
constexpr double kLeft = 56;
constexpr double kRight = 26;
constexpr double kTop = 32;
constexpr double kBottom = 46;
constexpr double kCharacter = 6.9;  ///< about the mean width of one
constexpr double kTextHeight = 14;

std::string place(double value) {
  return decimal(value, 1);
}

std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + escape(value) + "\"";
}

std::string text(double x, double y, const std::string& anchor, const std::string& content,
                 const std::string& more = "") {
  return "<text" + attribute("x", place(x)) + attribute("y", place(y)) + attribute("text-anchor", anchor) +
         more + ">" + escape(content) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& look) {
  return "<line" + attribute("class", look) + attribute("x1", place(x1)) + attribute("y1", place(y1)) +
         attribute("x2", place(x2)) + attribute("y2", place(y2)) + "/>\n";
}

std::string bar(double x, double y, double width, double height, const std::string& look) {
  return "<rect" + attribute("class", look) + attribute("x", place(x)) + attribute("y", place(y)) +
         attribute("width", place(width)) + attribute("height", place(std::max(height, 0.0))) + "/>\n";
}

std::string dot(double x, double y, double radius, const std::string& look) {
  return "<circle" + attribute("class", look) + attribute("cx", place(x)) + attribute("cy", place(y)) +
         attribute("r", place(radius)) + "/>\n";
}

std::string view_box(double width, double height) {
  return attribute("viewBox", "0 0 " + place(width) + " " + place(height));
}

/// An axis that lies along a stretch of the drawing.
struct Scale {
  const Axis& axis;
  double from;
  double to;

  [[nodiscard]] double operator()(double value) const {
    const auto measure = [&](double v) { return axis.is_logarithmic ? std::log10(v) : v; };
    const double share = (measure(value) - measure(axis.low)) / (measure(axis.high) - measure(axis.low));
    return from + std::clamp(share, 0.0, 1.0) * (to - from);
  }
};

/// A drawing with a grid and the axes' names; the content goes over it.
class Frame {
 public:
  Frame(const Axis& x, const Axis& y, double width, double height)
      : width_(width), height_(height), x_{x, kLeft, width - kRight}, y_{y, height - kBottom, kTop} {}

  [[nodiscard]] const Scale& x() const { return x_; }
  [[nodiscard]] const Scale& y() const { return y_; }

  /// `below` is room under the frame for more of the content.
  [[nodiscard]] std::string draw(const std::string& description, const std::string& content,
                                 double below = 0) const {
    std::string svg = "<svg" + view_box(width_, height_ + below) + attribute("role", "img") +
                      attribute("aria-label", description) + ">\n";
    for (const double tick : y_.axis.ticks) {
      svg += line(x_.from, y_(tick), x_.to, y_(tick), "grid");
      svg += text(x_.from - 8, y_(tick) + 4, "end", y_.axis.format(tick));
    }
    for (const double tick : x_.axis.ticks) {
      svg += line(x_(tick), y_.from, x_(tick), y_.from + 4, "grid");
      svg += text(x_(tick), y_.from + 18, "middle", x_.axis.format(tick));
    }
    svg += text((x_.from + x_.to) / 2, height_ - 6, "middle", x_.axis.title);
    svg += text(4, 14, "start", y_.axis.title);
    return svg + content + "</svg>\n";
  }

 private:
  double width_;
  double height_;
  Scale x_;
  Scale y_;
};

/// A rectangle that a name or a point takes.
struct Area {
  double left;
  double top;
  double width;
  double height;

  [[nodiscard]] double overlap(const Area& other) const {
    const double across = std::min(left + width, other.left + other.width) - std::max(left, other.left);
    const double down = std::min(top + height, other.top + other.height) - std::max(top, other.top);
    return std::max(across, 0.0) * std::max(down, 0.0);
  }
};

/// Where the names go: each to the place about its point where it covers the least, the nearest first.
std::vector<Area> place_names(const std::vector<std::pair<PlotPoint, std::string>>& points,
                              const Area& drawing) {
  std::vector<Area> taken;
  for (const auto& [point, name] : points) taken.push_back({point.x - 6, point.y - 6, 12, 12});
  std::vector<Area> names;
  for (const auto& [point, name] : points) {
    const double width = static_cast<double>(name.size()) * kCharacter;
    constexpr double kFree = 0.5;  // square pixels; rounding leaves less
    Area best{};
    double least = 1e9;
    for (const double distance : {0.0, 16.0, 32.0, 48.0, 64.0}) {
      const double right = point.x + 9;
      const double left = point.x - 9 - width;
      const double beside = point.y - kTextHeight / 2;
      const std::array<Area, 6> places{{
          {right, beside - distance, width, kTextHeight},
          {right, beside + distance, width, kTextHeight},
          {left, beside - distance, width, kTextHeight},
          {left, beside + distance, width, kTextHeight},
          {point.x - width / 2, point.y - kTextHeight - 8 - distance, width, kTextHeight},
          {point.x - width / 2, point.y + 8 + distance, width, kTextHeight},
      }};
      for (const Area& area : places) {
        double covered = area.width * area.height - area.overlap(drawing);
        for (const Area& other : taken) covered += area.overlap(other);
        if (covered < least - kFree) {
          least = covered;
          best = area;
        }
      }
      if (least < kFree) break;
    }
    taken.push_back(best);
    names.push_back(best);
  }
  return names;
}

std::string shortened(const std::string& name) {
  constexpr std::size_t kLongest = 22;
  return name.size() <= kLongest ? name : name.substr(0, kLongest - 3) + "...";
}

}  // namespace

Axis linear_axis(std::string title, double low, double high, std::string (*format)(double)) {
  constexpr double kWantedTicks = 5;
  const double span = high > low ? high - low : std::max(std::abs(low), 1.0);
  const double magnitude = std::pow(10, std::floor(std::log10(span / kWantedTicks)));
  double step = magnitude;
  for (const double factor : {2.0, 5.0, 10.0}) {
    if (span / step > kWantedTicks) step = factor * magnitude;
  }
  Axis axis{std::move(title),
            std::floor(low / step + 1e-9) * step,
            std::ceil((low + span) / step - 1e-9) * step,
            {},
            format,
            false};
  const auto steps = static_cast<int>(std::lround((axis.high - axis.low) / step));
  for (int i = 0; i <= steps; ++i) axis.ticks.push_back(axis.low + i * step);
  return axis;
}

Axis logarithmic_axis(std::string title, double low, double high, std::string (*format)(double)) {
  // Room about the outermost points, and at least a decade.
  const double reach = std::max(std::sqrt(10 * low / high), 1.25);
  Axis axis{std::move(title), low / reach, high * reach, {}, format, true};
  const bool is_wide = axis.high / axis.low > 300;
  const int last = static_cast<int>(std::floor(std::log10(axis.high)));
  for (int decade = static_cast<int>(std::floor(std::log10(axis.low))); decade <= last; ++decade) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10, decade);
      if (tick >= axis.low && tick <= axis.high && (factor == 1 || !is_wide)) axis.ticks.push_back(tick);
    }
  }
  return axis;
}

std::string tick_share(double share) {
  for (const int decimals : {0, 1}) {
    const double scale = std::pow(10, decimals);
    if (std::abs(share * 100 * scale - std::round(share * 100 * scale)) < 1e-6) {
      return percent(share, decimals);
    }
  }
  return percent(share);
}

std::string tick_number(double number) {
  std::string digits = decimal(number, 3);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

std::string to_html(const LinePlot& plot) {
  const Frame frame(plot.x, plot.y, plot.is_small ? kSmallWidth : kWidth,
                    plot.is_small ? kSmallHeight : kHeight);
  std::string content;
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    const std::string second = i == 0 ? "" : " second";
    std::string path;
    for (const PlotPoint& point : plot.lines[i].points) {
      path += (path.empty() ? "M" : "L") + place(frame.x()(point.x)) + " " + place(frame.y()(point.y));
    }
    content += "<path" + attribute("class", "line" + second) + attribute("d", path) + "/>\n";
    for (const PlotPoint& point : plot.lines[i].points) {
      if (plot.has_dots) content += dot(frame.x()(point.x), frame.y()(point.y), 3, "dot" + second);
    }
  }
  std::string html = frame.draw(plot.description, content);
  if (plot.lines.size() > 1) {
    html += "<ul class=\"legend\">";
    for (std::size_t i = 0; i < plot.lines.size(); ++i) {
      html += std::string(i == 0 ? "<li>" : "<li class=\"second\">") + escape(plot.lines[i].name) + "</li>";
    }
    html += "</ul>\n";
  }
  return html;
}

std::string to_html(const ReliabilityPlot& plot) {
  constexpr double kCounts = 74;  // height of the strip of counts
  const Axis x = linear_axis("confidence", 0, 1, tick_share);
  const Axis y = linear_axis("share right", 0, 1, tick_share);
  constexpr double kFrame = kHeight + 30;
  const Frame frame(x, y, kWidth, kFrame);
  std::string content;
  double most = 1;
  for (const auto& each : plot.bars) most = std::max(most, static_cast<double>(each.images));
  const double strip_bottom = kFrame + kCounts;
  for (const auto& each : plot.bars) {
    const double left = frame.x()(each.low) + 1;
    const double width = frame.x()(each.high) - frame.x()(each.low) - 2;
    if (each.images == 0) continue;
    content +=
        bar(left, frame.y()(each.accuracy), width, frame.y().from - frame.y()(each.accuracy), "bar pale");
    // Most answers are in the last bin; only logarithms show the others.
    const double height = 4 + 20 * std::log1p(static_cast<double>(each.images)) / std::log1p(most);
    content += bar(left, strip_bottom - height, width, height, "bar faint");
    const double middle = left + width / 2 + 4;
    const double above = strip_bottom - height - 4;
    content += text(middle, above, "start", format_count(each.images),
                    attribute("transform", "rotate(-90 " + place(middle) + " " + place(above) + ")"));
  }
  content += line(frame.x()(0), frame.y()(0), frame.x()(1), frame.y()(1), "ideal");
  content += text(kLeft - 8, strip_bottom - 4, "end", "images");
  return frame.draw(plot.description, content, kCounts + 2);
}

std::string to_html(const ScatterPlot& plot) {
  constexpr double kScatterHeight = 320;
  const Frame frame(plot.x, plot.y, kWidth, kScatterHeight);
  std::vector<std::pair<PlotPoint, std::string>> points;
  std::string content;
  for (const auto& point : plot.points) {
    const double x = frame.x()(point.x);
    const double y = frame.y()(point.y);
    points.push_back({{x, y}, shortened(point.name)});
    content += line(x, frame.y()(point.low), x, frame.y()(point.high), "whisker");
    content += dot(x, y, 4, "dot");
  }
  const Area drawing{kLeft, kTop, kWidth - kLeft - kRight, kScatterHeight - kTop - kBottom};
  const std::vector<Area> names = place_names(points, drawing);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const PlotPoint& point = points[i].first;
    const Area& name = names[i];
    const double x = std::clamp(point.x, name.left, name.left + name.width);
    const double y = std::clamp(point.y, name.top, name.top + name.height);
    if (std::hypot(x - point.x, y - point.y) > 14) content += line(point.x, point.y, x, y, "leader");
    content += text(name.left, name.top + 11, "start", points[i].second, attribute("class", "name"));
  }
  return frame.draw(plot.description, content);
}

std::string to_html(const std::vector<SmallBar>& bars) {
  constexpr double kStep = 15;
  constexpr double kFoot = 41;
  std::string svg = "<svg" + view_box(kStep * static_cast<double>(bars.size()), kFoot + 15) +
                    attribute("aria-hidden", "true") + ">\n";
  double left = 0;
  for (const SmallBar& each : bars) {
    const double height = std::max(1.0, (kFoot - 1) * each.share);
    svg += bar(left + 2, kFoot - height, kStep - 4, height, each.look);
    svg += text(left + kStep / 2, kFoot + 13, "middle", each.name);
    left += kStep;
  }
  return svg + "</svg>\n";
}

}  // namespace inkread::report
