//! Images side by side: examples with their labels, digits that a network gets wrong, and the
//! weights of the first layer.

mod layout;

use crate::figure::{Figure, Words};
use crate::parts::color_bar::{self, ColorBar};
use crate::parts::palette::{ALERT, BLUE_TO_RED, Rgb, shade};
use crate::parts::raster::{grey_png, indexed_png};
use crate::parts::svg::{Area, Font, MARGIN, PLAIN, Svg, WIDTH};
use crate::parts::text::{digits, number, one_line};
use crate::setters::common_methods;
use layout::Layout;
use ndarray::Array2;

/// Grey images in rows and columns, with a label below each.
///
/// The pixels of all images follow each other, each image row by row from the top, 0 to 255.
/// Ink (255) is drawn dark on white, as on paper; see [`invert`](ImageGrid::invert).
///
/// ```
/// use backprop_figures::ImageGrid;
///
/// let two_images = [0, 255, 255, 0, 255, 0, 0, 255];
/// let figure = ImageGrid::new("Examples", &two_images, 2, 2).labels(&["5", "0"].map(String::from)).draw();
/// assert_eq!(figure.alt(), "Examples. 2 images of 2 × 2 pixels in 1 row, labelled 5, 0.");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a grid is shown by ending a cell with it"]
pub struct ImageGrid {
    words: Words,
    pixels: Vec<u8>,
    height: usize,
    width: usize,
    columns: usize,
    labels: Option<Vec<String>>,
    highlighted: Vec<usize>,
    shades: Shades,
}

/// What the bytes of a grid stand for.
#[derive(Clone, Copy, Debug)]
enum Shades {
    /// 255 is black.
    Ink,
    /// 255 is white.
    Light,
    /// [`ZERO`] is no weight, 0 and twice that are minus and plus the largest; the number of weights
    /// that are not finite is told.
    Weights { largest: f64, missing: usize },
}

/// The byte of a weight of 0. Half as many bytes as eyes could tell apart: twice the neurons fit.
const ZERO: f64 = 31.0;
/// The byte of the paper between the images.
const PAPER: u8 = 255;
/// More weights than this would swell the notebook; 100 neurons of 28 × 28 fit.
const MOST_WEIGHTS: usize = 100 * 28 * 28;
/// More pixels than this would swell the notebook; 256 images of 28 × 28 fit.
const MOST_PIXELS: usize = 256 * 28 * 28;
/// Space between two images, in pixels.
const GAP: usize = 12;
/// Space below an image for its label.
const LABEL: usize = 18;
const CAPTION: Font = Font { size: 13.0, anchor: "middle", ..PLAIN };

impl ImageGrid {
    /// Takes images of `height` × `width` pixels; their number follows from the length.
    pub fn new(title: &str, pixels: &[u8], height: usize, width: usize) -> Self {
        ImageGrid {
            words: Words::new(title),
            pixels: pixels.to_vec(),
            height,
            width,
            columns: 10,
            labels: None,
            highlighted: Vec::new(),
            shades: Shades::Ink,
        }
    }

    /// Takes the weights of a first layer (n_out × inputs), and draws those of each neuron as an image
    /// of `height` × `width`: blue below zero, white at zero, red above.
    ///
    /// All images share one scale, so that they can be compared.
    ///
    /// ```
    /// use backprop_figures::ImageGrid;
    /// use ndarray::array;
    ///
    /// let w = array![[0.5, -0.25, 0.0, 1.0], [-1.0, 0.0, 0.0, 0.5]];
    /// let figure = ImageGrid::weights("First layer", &w, 2, 2).draw();
    /// assert_eq!(
    ///     figure.alt(),
    ///     "First layer. 2 images of 2 × 2 pixels in 1 row; weights from −1 (blue) over 0 (white) to 1 (red)."
    /// );
    /// ```
    pub fn weights(title: &str, w: &Array2<f32>, height: usize, width: usize) -> Self {
        let finite = || w.iter().filter(|w| w.is_finite()).map(|w| f64::from(w.abs()));
        let largest = finite().fold(0.0, f64::max);
        let missing = w.len() - finite().count();
        // Weights that are all zero have no scale; a weight that is not finite is drawn as none.
        let scale = if largest > 0.0 { ZERO / largest } else { 0.0 };
        let byte =
            |w: &f32| (ZERO + if w.is_finite() { scale * f64::from(*w) } else { 0.0 }).round();
        let bytes: Vec<u8> = w.iter().map(|w| byte(w) as u8).collect();
        let shades = Shades::Weights { largest, missing };
        ImageGrid { shades, ..ImageGrid::new(title, &bytes, height, width) }
    }

    /// Writes a label below each image.
    pub fn labels(mut self, labels: &[String]) -> Self {
        self.labels = Some(labels.iter().map(|label| one_line(label)).collect());
        self
    }

    /// Sets the images per row, 10 unless told; fewer stand there where they would not fit.
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = columns;
        self
    }

    /// Frames these images (the first has number 0) and sets their labels bold.
    pub fn highlight(mut self, images: &[usize]) -> Self {
        self.highlighted = images.to_vec();
        self
    }

    /// Says whether 255 is drawn black (`true`, as for ink) or white (`false`, as for X-rays).
    /// Weights keep their colours.
    pub fn invert(mut self, invert: bool) -> Self {
        self.shades = match self.shades {
            Shades::Ink | Shades::Light if invert => Shades::Ink,
            Shades::Ink | Shades::Light => Shades::Light,
            weights => weights,
        };
        self
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let layout = self.layout();
        let rows = layout.shown.div_ceil(layout.columns);
        let wide = layout.columns * layout.step - GAP;
        let tall = rows * layout.row - GAP;

        let needed = wide as f64 + self.color_bar_room() + 2.0 * MARGIN;
        let mut svg = Svg::new(needed.max(WIDTH));
        let top = svg.heading(&self.words.title);
        let left = ((svg.width - wide as f64 - self.color_bar_room()) / 2.0).round();
        let area = Area { left, top, right: left + wide as f64, bottom: top + tall as f64 };
        let mosaic = self.mosaic(&layout, wide, tall);
        svg.image(&area, &self.png(&mosaic, wide, tall));
        if let Some(bar) = self.color_bar() {
            bar.draw(&mut svg, area.right + 20.0, area);
        }
        for index in 0..layout.shown {
            self.draw_label(&mut svg, &layout, index, (left, top));
        }
        self.words.figure(svg, area.bottom + MARGIN, &self.gist(layout.shown, rows))
    }

    fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let (height, width, given) = (self.height, self.width, self.pixels.len());
        if height * width == 0 {
            return vec![format!("an image of {height} × {width} pixels shows nothing")];
        }
        if given == 0 || !given.is_multiple_of(height * width) {
            return vec![format!(
                "{given} pixels are no whole number of images of {height} × {width} = {} pixels",
                height * width
            )];
        }
        let count = self.count();
        let mut problems = Vec::new();
        if let Some(labels) = &self.labels
            && labels.len() != count
        {
            problems.push(format!("{} labels for {count} images", labels.len()));
        }
        if let Some(image) = self.highlighted.iter().find(|image| **image >= count) {
            problems.push(format!(
                "image {image} is to be highlighted, but the images are 0 to {}",
                count - 1
            ));
        }
        if self.columns == 0 {
            problems.push("0 columns hold no image".to_string());
        }
        problems
    }

    fn png(&self, mosaic: &[u8], wide: usize, tall: usize) -> String {
        match self.shades {
            Shades::Ink | Shades::Light => grey_png(mosaic, wide, tall),
            Shades::Weights { .. } => {
                let palette: Vec<Rgb> = (0..=PAPER).map(weight_color).collect();
                indexed_png(mosaic, &palette, wide, tall)
            }
        }
    }

    fn color_bar(&self) -> Option<ColorBar> {
        let Shades::Weights { largest, .. } = self.shades else { return None };
        let [low, high] = [-largest, largest].map(|end| digits(end, 3));
        Some(ColorBar::new("w", low, high, |share| shade(&BLUE_TO_RED, share)))
    }

    /// Gives the room that a colour bar takes beside the images, in pixels.
    fn color_bar_room(&self) -> f64 {
        if matches!(self.shades, Shades::Weights { .. }) { color_bar::WIDTH } else { 0.0 }
    }

    fn draw_label(&self, svg: &mut Svg, layout: &Layout, index: usize, (left, top): (f64, f64)) {
        let (x, y) = self.corner(layout, index);
        let (x, y) = (left + x as f64, top + y as f64);
        let (wide, tall) = (self.width * layout.scale, self.height * layout.scale);
        let image = Area { left: x, top: y, right: x + wide as f64, bottom: y + tall as f64 };
        let highlighted = self.highlighted.contains(&index);
        if highlighted {
            svg.rectangle(&image, "none", 1.0, ALERT);
        } else {
            svg.rectangle(&image, "none", 1.0, "#e4e4e4");
        }
        if let Some(label) = self.labels.as_ref().and_then(|labels| labels.get(index)) {
            let plain = CAPTION;
            let font = if highlighted { Font { color: ALERT, bold: true, ..plain } } else { plain };
            svg.text(x + image.width() / 2.0, image.bottom + 15.0, label, &font);
        }
    }

    /// Says what the grid shows.
    fn gist(&self, shown: usize, rows: usize) -> String {
        let count = self.count();
        let images = match (shown, count) {
            (1, 1) => "1 image".to_string(),
            _ if shown < count => format!("The first {shown} of {} images", number(count as f64)),
            _ => format!("{count} images"),
        };
        let plural = if rows == 1 { "" } else { "s" };
        let mut gist =
            format!("{images} of {} × {} pixels in {rows} row{plural}", self.height, self.width);
        if let Some(labels) = &self.labels {
            gist.push_str(&format!(", labelled {}", labels[..shown].join(", ")));
        }
        if let Shades::Weights { largest, missing } = self.shades {
            let [low, high] = [-largest, largest].map(number);
            gist.push_str(&format!("; weights from {low} (blue) over 0 (white) to {high} (red)"));
            if missing > 0 {
                gist.push_str(&format!(", {missing} not finite"));
            }
        }
        if !self.highlighted.is_empty() {
            let images: Vec<String> = self.highlighted.iter().map(usize::to_string).collect();
            gist.push_str(&format!("; highlighted (counted from 0): {}", images.join(", ")));
        }
        gist + "."
    }
}

/// Gives the colour of a weight's byte.
fn weight_color(byte: u8) -> Rgb {
    match byte {
        PAPER => [255, 255, 255],
        byte => shade(&BLUE_TO_RED, f64::from(byte) / (2.0 * ZERO)),
    }
}
