//! The cells: one picture of all colours, with the entries in it.

use super::gist::percentage;
use super::{HeatMap, Scale};
use crate::parts::frame::Plot;
use crate::parts::palette::{Rgb, text_on};
use crate::parts::raster::{enlarge, rgb_png};
use crate::parts::svg::{Area, Font, PLAIN, Pen, Svg};
use crate::parts::text::{digits, width};

impl HeatMap {
    pub(super) fn draw_cells(
        &self,
        svg: &mut Svg,
        plot: &Plot,
        cell_width: usize,
        cell_height: usize,
    ) {
        let colors = self.colors();
        let scale = cell_height.min(cell_width);
        let png = rgb_png(
            &enlarge(&colors, self.columns, scale),
            self.columns * scale,
            self.rows * scale,
        );
        // Plotters leaves the last pixel of an area to its axis line; the cells are laid by size.
        let Area { left, top, .. } = plot.area;
        let right = left + (self.columns * cell_width) as f64;
        let bottom = top + (self.rows * cell_height) as f64;
        let area = Area { left, top, right, bottom };
        svg.image(&area, &png);
        if scale >= 12 {
            let pen = Pen { color: "#ffffff", width: 1.0, dash: "" };
            for row in 1..self.rows {
                let y = top + (row * cell_height) as f64;
                svg.polyline(&[(left, y), (right, y)], &pen);
            }
            for column in 1..self.columns {
                let x = left + (column * cell_width) as f64;
                svg.polyline(&[(x, top), (x, bottom)], &pen);
            }
            self.draw_entries(svg, &colors, (left, top), cell_width as f64, cell_height as f64);
        }
        svg.rectangle(&area, "none", 1.0, "#999999");
    }

    /// Writes the entries into their cells, where the longest of them fits.
    fn draw_entries(
        &self,
        svg: &mut Svg,
        colors: &[Rgb],
        (left, top): (f64, f64),
        wide: f64,
        tall: f64,
    ) {
        let texts = entries(&self.values);
        let longest = texts.iter().map(|text| width(text, 1.0)).fold(0.0, f64::max);
        let size = (0.94 * wide / longest).min(0.5 * tall).min(13.0).floor();
        if size < 7.0 {
            return;
        }
        let shares = self.row_percentages().filter(|_| tall >= 34.0 && wide >= 34.0);
        for (index, text) in texts.iter().enumerate() {
            let (row, column) = (index / self.columns, index % self.columns);
            let faint = self.scale == Scale::Confusion && self.values[index] == 0.0;
            let color = if faint { "#a0a0a0" } else { text_on(colors[index]) };
            let x = left + (column as f64 + 0.5) * wide;
            let y = top + (row as f64 + 0.5) * tall + 0.35 * size;
            let font = Font { size, anchor: "middle", color, ..PLAIN };
            match shares.as_ref().map(|shares| &shares[index]) {
                Some(share) if !faint => {
                    svg.text(x, y - 6.0, text, &font);
                    svg.text(x, y + 8.0, share, &Font { size: size.min(10.0), ..font });
                }
                _ => svg.text(x, y, text, &font),
            }
        }
    }

    /// Gives each entry of a confusion matrix as a share of its row.
    fn row_percentages(&self) -> Option<Vec<String>> {
        if self.scale != Scale::Confusion {
            return None;
        }
        let rows = self.values.chunks(self.columns);
        let percentages = rows.flat_map(|row| {
            let total: f64 = row.iter().sum();
            row.iter().map(move |count| percentage(*count, total))
        });
        Some(percentages.collect())
    }
}

/// Writes the entries as they stand in their cells: whole, or all with the same decimals.
fn entries(values: &[f64]) -> Vec<String> {
    let finite = || values.iter().filter(|value| value.is_finite());
    let whole = finite().all(|value| value.fract() == 0.0);
    let largest = finite().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    // Two digits of the largest entry; beyond this span a power of ten takes less room.
    let decimals = 1.0 - largest.log10().floor();
    let entry = |value: &f64| {
        if !value.is_finite() {
            "–".to_string()
        } else if whole || !(0.0..=4.0).contains(&decimals) {
            digits(*value, 2)
        } else {
            format!("{value:.*}", decimals as usize).replace('-', "−")
        }
    };
    values.iter().map(entry).collect()
}
