//! Grids of pixels: the images of the data, weights, a digit with its numbers.

use super::*;

#[test]
fn a_grid_holds_the_pixels_given() {
    let image: Vec<u8> = (0..28 * 28).map(|i| (i % 256) as u8).collect();
    for (invert, what) in [(true, 255), (false, 0)] {
        let (width, height, pixels) =
            embedded_png(&ImageGrid::new("", &image, 28, 28).invert(invert).draw());
        let scale = width / 28;
        assert!(scale >= 2 && width == 28 * scale && height == 28 * scale);
        for (i, pixel) in pixels.iter().enumerate() {
            let (row, column) = (i / width / scale, i % width / scale);
            assert_eq!(*pixel, image[row * 28 + column] ^ what, "row {row}, column {column}");
        }
    }
}

#[test]
fn weights_are_blue_below_zero_and_red_above() {
    let (width, _, pixels) =
        embedded_png(&ImageGrid::weights("", &array![[-0.5, 0.0, 1.0]], 1, 3).draw());
    let scale = width / 3;
    let color = |column: usize| &pixels[3 * (column * scale)..][..3];
    let (negative, zero, positive) = (color(0), color(1), color(2));
    assert!(negative[2] > negative[0], "{negative:?}");
    assert!(zero[0] == zero[1] && zero[1] == zero[2], "{zero:?}");
    assert!(positive[0] > positive[2] && positive[2] < negative[0], "−0.5 is paler than 1");
}

#[test]
fn a_digit_shows_its_numbers() {
    let pixels: Vec<u8> = (0..28 * 28).map(|i| (i % 251) as u8).collect();
    let figure = PixelNumbers::new("", &pixels, 28, 28).draw();
    let svg = figure.svg();
    let written: Vec<u8> = (svg.split("<tspan").skip(1))
        .map(|cell| between(cell, ">", "<").parse().unwrap())
        .collect();
    assert_eq!(written, pixels);
    let (width, _, shades) = embedded_png(&figure);
    let scale = width / 28;
    assert_eq!(shades[(3 * scale) * width + 5 * scale], 255 - pixels[3 * 28 + 5]);
}
