//! The sparse form of images: the pixels that are not background.

use super::pages::Pages;
use ndarray::ArrayView2;
use std::array::from_fn;
use std::iter::zip;

/// The pixels of each image of a set that are not background (not 0), for products that skip the rest.
#[derive(Debug)]
pub(crate) struct Ink {
    /// Of each image, one after the other: the numbers of its inked pixels, two bytes each, and their
    /// values. Together, since an image lies anywhere in memory for one who comes to it at random.
    lists: Pages,
    /// Where in the lists each image begins, and where the last one ends.
    starts: Vec<usize>,
}

/// The ink of one image: which of its pixels, and how dark each is. Filled up with pixel 0 of value 0.
#[derive(Clone, Copy)]
pub(crate) struct InkOfImage<'a> {
    pixels: &'a [[u8; 2]],
    values: &'a [u8],
}

impl Ink {
    /// The length of an image's list is a multiple of this.
    pub(crate) const MULTIPLE: usize = 4;

    /// Lists the ink of images, one a row; none where more than the share `most` of their pixels is ink,
    /// or where an image has more pixels than the list can count.
    pub(crate) fn list(images: ArrayView2<u8>, most: f64) -> Option<Ink> {
        let count = count_ink(images.as_slice().expect("row-major"));
        let fits = images.ncols() <= usize::from(u16::MAX) + 1;
        let pays = count as f64 <= most * images.len() as f64;
        (fits && pays).then(|| Ink::of(images, count))
    }

    /// Lists the ink of images, one a row, which have up to `count` inked pixels together.
    pub(crate) fn of(images: ArrayView2<u8>, count: usize) -> Ink {
        let mut lists = Pages::zeros(3 * (count + images.nrows() * (Ink::MULTIPLE - 1)));
        let mut starts = Vec::with_capacity(images.nrows() + 1);
        starts.push(0);
        let mut list = List::of_images(images.ncols());
        for image in images.rows() {
            list.find(image.to_slice().expect("row-major"));
            let start = starts[starts.len() - 1];
            starts.push(start + list.write(&mut lists[start..]));
        }
        Ink { lists, starts }
    }

    pub(crate) fn image(&self, i: usize) -> InkOfImage<'_> {
        let bytes = self.bytes(i);
        let (pixels, values) = bytes.split_at(bytes.len() / 3 * 2);
        InkOfImage { pixels: pixels.as_chunks().0, values }
    }

    /// All that is read of image i.
    pub(crate) fn bytes(&self, i: usize) -> &[u8] {
        &self.lists[self.starts[i]..self.starts[i + 1]]
    }
}

impl<'a> InkOfImage<'a> {
    /// The number and the value of each pixel.
    #[inline(always)]
    pub(crate) fn pixels(self) -> impl Iterator<Item = (usize, f32)> + 'a {
        zip(self.pixels, self.values).map(|(&pixel, &value)| number_and_value(pixel, value))
    }

    /// The same, N at a time; [`Ink::MULTIPLE`] is a multiple of N.
    #[inline(always)]
    pub(crate) fn chunks<const N: usize>(self) -> impl Iterator<Item = [(usize, f32); N]> + 'a {
        let (pixels, values) = (self.pixels.as_chunks::<N>().0, self.values.as_chunks::<N>().0);
        zip(pixels, values).map(|(p, v)| from_fn(|c| number_and_value(p[c], v[c])))
    }
}

#[inline(always)]
fn number_and_value(pixel: [u8; 2], value: u8) -> (usize, f32) {
    (usize::from(u16::from_le_bytes(pixel)), f32::from(value))
}

/// Room for the list of an image that is being made.
struct List {
    pixels: Vec<u16>,
    values: Vec<u8>,
    len: usize,
}

impl List {
    fn of_images(pixels: usize) -> List {
        // A little more: what is not ink is written too, and then written over.
        let room = pixels + Ink::MULTIPLE;
        List { pixels: vec![0; room], values: vec![0; room], len: 0 }
    }

    /// Finds the ink of an image, in place of what is there.
    fn find(&mut self, image: &[u8]) {
        let (pixels, values) = (&mut self.pixels[..], &mut self.values[..]);
        let mut len = 0;
        for (word, eight) in image.chunks(8).enumerate() {
            if eight.iter().all(|&p| p == 0) {
                continue; // most of an image
            }
            for (k, &p) in (8 * word..).zip(eight) {
                // Without a branch, which the processor would guess wrong at every edge.
                (pixels[len], values[len]) = (k as u16, p);
                len += usize::from(p > 0);
            }
        }
        self.len = len.next_multiple_of(Ink::MULTIPLE);
        pixels[len..self.len].fill(0);
        values[len..self.len].fill(0);
    }

    /// Writes the list to the beginning of `to`, and returns its length in bytes.
    fn write(&self, to: &mut [u8]) -> usize {
        let (pixels, rest) = to.split_at_mut(2 * self.len);
        for (k, to) in zip(&self.pixels, pixels.as_chunks_mut().0) {
            *to = k.to_le_bytes();
        }
        rest[..self.len].copy_from_slice(&self.values[..self.len]);
        3 * self.len
    }
}

/// The number of pixels that are not 0.
fn count_ink(pixels: &[u8]) -> usize {
    // A byte counts up to 255, and the processor many bytes at a time.
    let count = |few: &[u8]| few.iter().map(|&p| u8::from(p > 0)).sum::<u8>();
    pixels.chunks(255).map(|few| usize::from(count(few))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn each_image_lists_its_ink_and_is_filled_up() {
        let images =
            array![[0, 0, 7, 0, 0, 9, 0, 0, 0, 1], [0; 10], [0, 2, 0, 0, 0, 0, 0, 0, 0, 0]];
        let ink = Ink::list(images.view(), 0.5).unwrap();
        let of = |i: usize| -> Vec<(usize, f32)> { ink.image(i).pixels().collect() };
        assert_eq!(of(0), [(2, 7.0), (5, 9.0), (9, 1.0), (0, 0.0)]);
        assert_eq!(of(1), []);
        assert_eq!(of(2), [(1, 2.0), (0, 0.0), (0, 0.0), (0, 0.0)]);
    }

    #[test]
    fn an_image_may_be_all_ink() {
        let ink = Ink::of(array![[1, 2, 3, 4, 5, 6, 7, 8, 9]].view(), 9);
        let (pixels, values): (Vec<usize>, Vec<f32>) = ink.image(0).pixels().unzip();
        assert_eq!(pixels, [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0]);
        assert_eq!(values.iter().sum::<f32>(), 45.0);
        let first: [(usize, f32); 4] = ink.image(0).chunks().next().unwrap();
        assert_eq!(first, [(0, 1.0), (1, 2.0), (2, 3.0), (3, 4.0)]);
    }

    #[test]
    fn an_image_of_many_pixels_has_numbers_of_two_bytes() {
        let images = Array2::from_shape_fn((2, 65_536), |(_, k)| u8::from(k % 1000 == 999));
        let ink = Ink::list(images.view(), 0.5).unwrap();
        let expected: Vec<usize> = (0..65).map(|i| 1000 * i + 999).collect();
        let found: Vec<usize> = ink.image(1).pixels().map(|(k, _)| k).collect();
        assert_eq!((&found[..65], found.len()), (&expected[..], 68));
    }

    #[test]
    fn there_is_no_list_where_it_would_not_pay() {
        let of = |dark: usize| Array2::from_shape_fn((4, 25), |(_, k)| u8::from(k < dark));
        assert!(Ink::list(of(11).view(), 0.45).is_some());
        assert!(Ink::list(of(12).view(), 0.45).is_none());
        assert!(Ink::list(Array2::zeros((1, 65_537)).view(), 0.45).is_none());
    }
}
