//! Colours, dashes and markers that colour-blind eyes and black-and-white prints tell apart.

/// Text and axes.
pub const INK: &str = "#222222";
/// What stands back: tick marks, reference lines, remarks.
pub const GREY: &str = "#666666";
/// Grid lines.
pub const FAINT: &str = "#dddddd";
/// What is wrong or needs a look (Okabe–Ito's vermillion).
pub const ALERT: &str = "#d55e00";

/// What is above zero (the dark end of [`BLUE_TO_RED`]).
pub const POSITIVE: &str = "#b2182b";
/// What is below zero.
pub const NEGATIVE: &str = "#2166ac";

/// Okabe and Ito's colours (Color Universal Design, 2008) in the order in which lines take them.
const OKABE_ITO: [&str; 7] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// Lengths of dash and gap as SVG's `stroke-dasharray`; the first line is drawn through.
const DASHES: [&str; 5] = ["", "8 3", "2 3", "10 3 2 3", "16 4"];

/// The shape that marks the points of a line.
#[derive(Clone, Copy, Debug)]
pub enum Marker {
    /// A disc.
    Circle,
    /// A square that stands on a side.
    Square,
    /// A triangle that points upwards.
    Triangle,
    /// A square that stands on a corner.
    Diamond,
}

/// The shapes in the order in which lines take them.
const MARKERS: [Marker; 4] = [Marker::Circle, Marker::Square, Marker::Triangle, Marker::Diamond];

/// How one line looks.
#[derive(Clone, Copy, Debug)]
pub struct LineStyle {
    /// Its colour.
    pub color: &'static str,
    /// Lengths of dash and gap; "" is drawn through.
    pub dash: &'static str,
    /// What marks its points.
    pub marker: Marker,
}

/// The number of colours that lines have; the last is black.
pub const COLORS: usize = OKABE_ITO.len();

/// Gives the style of line number `index`; 140 lines pass before one style returns.
pub fn line_style(index: usize) -> LineStyle {
    LineStyle { marker: MARKERS[index % MARKERS.len()], ..LineStyle::of(index, index) }
}

impl LineStyle {
    /// Gives a line its colour, and its dash with the marker that goes with it.
    pub fn of(color: usize, dash: usize) -> LineStyle {
        LineStyle {
            color: OKABE_ITO[color % OKABE_ITO.len()],
            dash: DASHES[dash % DASHES.len()],
            marker: MARKERS[dash % MARKERS.len()],
        }
    }
}

/// A colour as red, green and blue, 0 to 255.
pub type Rgb = [u8; 3];

/// Colours between which a heat map shades, from its lowest value to its highest.
pub type Ramp = [Rgb; 5];

/// White to dark blue (ColorBrewer's Blues).
pub const BLUES: Ramp =
    [[255, 255, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107]];

/// White to dark orange (ColorBrewer's Oranges).
pub const ORANGES: Ramp =
    [[255, 255, 255], [253, 208, 162], [253, 141, 60], [217, 72, 1], [127, 39, 4]];

/// Blue over white to red (ColorBrewer's RdBu), for values on both sides of zero.
pub const BLUE_TO_RED: Ramp =
    [[33, 102, 172], [146, 197, 222], [247, 247, 247], [244, 165, 130], [178, 24, 43]];

/// Gives the colour at `share` (0 to 1) of the way along a ramp.
pub fn shade(ramp: &Ramp, share: f64) -> Rgb {
    let place = share.clamp(0.0, 1.0) * (ramp.len() - 1) as f64;
    let before = (place as usize).min(ramp.len() - 2);
    let rest = place - before as f64;
    std::array::from_fn(|channel| {
        let (from, to) = (ramp[before][channel] as f64, ramp[before + 1][channel] as f64);
        (from + rest * (to - from)).round() as u8
    })
}

/// Writes a colour as SVG wants it.
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Gives the text colour that stands out better from `background`: black or white.
pub fn text_on(background: Rgb) -> &'static str {
    let linear = background.map(|channel| (f64::from(channel) / 255.0).powf(2.2));
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    // Above this luminance black has the higher contrast by the formula of WCAG 2.
    if luminance > 0.18 { "#000000" } else { "#ffffff" }
}
