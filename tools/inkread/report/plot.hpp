// SPDX-License-Identifier: MIT
// Plots as SVG within a page of HTML. Their texts are escaped here.
#pragma once

#include <string>
#include <vector>

namespace inkread::report {

struct Axis {
  std::string title;
  double low = 0;   ///< > 0 if logarithmic
  double high = 1;  ///< > low
  std::vector<double> ticks;
  std::string (*format)(double) = nullptr;
  bool is_logarithmic = false;
};
/// An axis around these values with round ticks, about five.
[[nodiscard]] Axis linear_axis(std::string title, double low, double high, std::string (*format)(double));
/// The same with ticks at 1, 2 and 5 times powers of ten; low > 0.
[[nodiscard]] Axis logarithmic_axis(std::string title, double low, double high,
                                    std::string (*format)(double));

/// "85 %", "99.5 %": a share, with as many decimals as it needs, at most two.
[[nodiscard]] std::string tick_share(double share);
/// A plain number, as short as can be.
[[nodiscard]] std::string tick_number(double number);

struct PlotPoint {
  double x;
  double y;
};
struct PlotLine {
  std::string name;
  std::vector<PlotPoint> points;
};
struct LinePlot {
  std::string description;  ///< for those who do not see it
  Axis x;
  Axis y;
  std::vector<PlotLine> lines;  ///< one or two; with two, a legend names them
  bool has_dots = true;         ///< at every point
  bool is_small = false;        ///< to stand three abreast
};
[[nodiscard]] std::string to_html(const LinePlot& plot);

/// Bars of shares right over confidence against the ideal diagonal, and below them how many answers each bar
/// stands for.
struct ReliabilityPlot {
  struct Bar {
    double low;
    double high;
    double accuracy;
    std::size_t images;
  };
  std::string description;
  std::vector<Bar> bars;
};
[[nodiscard]] std::string to_html(const ReliabilityPlot& plot);

/// Named points with whiskers up and down; the names keep out of each other's way where there is room.
struct ScatterPlot {
  struct Point {
    std::string name;
    double x;
    double y;
    double low;
    double high;
  };
  std::string description;
  Axis x;
  Axis y;
  std::vector<Point> points;
};
[[nodiscard]] std::string to_html(const ScatterPlot& plot);

/// Small bars of shares with names below, for what a text beside them says too.
struct SmallBar {
  std::string name;
  double share;
  std::string look;  ///< a class of kStyle: "bar", "bar wrong" or "bar faint"
};
[[nodiscard]] std::string to_html(const std::vector<SmallBar>& bars);

}  // namespace inkread::report
