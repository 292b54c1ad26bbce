//! The NPY format of NumPy: a header that is a Python dictionary, then the values.
//!
//! Source: NumPy's documentation of `numpy.lib.format`.

use crate::error::Error;
use ndarray::ArrayD;
use std::path::Path;

/// What an NPY file of version 1.0 begins with; the length of the header follows, in two bytes.
const START: &[u8] = b"\x93NUMPY\x01\x00";

/// Where the header begins.
pub(super) const HEADER: usize = START.len() + 2;

/// Parses an array of unsigned bytes in C order; `path` is for errors alone.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<ArrayD<u8>, Error> {
    let fail = |offset: usize, expected: String, found: String| Error::Format {
        path: path.to_owned(),
        offset: offset as u64,
        expected,
        found,
    };
    if !bytes.starts_with(START) || bytes.len() < HEADER {
        let found = format!("{:02x?}", &bytes[..bytes.len().min(START.len())]);
        return Err(fail(0, format!("an NPY header of version 1.0, {START:02x?}"), found));
    }
    let length = u16::from_le_bytes([bytes[START.len()], bytes[START.len() + 1]]);
    let (header, values) = bytes[HEADER..]
        .split_at_checked(length.into())
        .ok_or_else(|| fail(8, format!("a header of {length} bytes"), "the end".to_owned()))?;
    let header = String::from_utf8_lossy(header);
    let is_bytes = header.contains("'descr': '|u1'") && header.contains("'fortran_order': False");
    let shape = shape(&header).filter(|_| is_bytes).ok_or_else(|| {
        let expected = "unsigned bytes ('|u1') in C order with a shape".to_owned();
        fail(HEADER, expected, header.trim().to_owned())
    })?;
    ArrayD::from_shape_vec(shape.clone(), values.to_vec()).map_err(|_| {
        let offset = HEADER + usize::from(length);
        fail(offset, format!("the values of shape {shape:?}"), format!("{} bytes", values.len()))
    })
}

/// The numbers of `'shape': (4708, 28, 28)`.
fn shape(header: &str) -> Option<Vec<usize>> {
    let (_, rest) = header.split_once("'shape': (")?;
    let (numbers, _) = rest.split_once(')')?;
    let numbers = numbers.split(',').map(str::trim).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().ok()).collect()
}
