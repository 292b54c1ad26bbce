//! A data set as a table: its classes; and a training set with its test set: their sizes.

use crate::data::{Data, Dataset};
use backprop_figures::Table;
use backprop_figures::parts::text::number;
use std::iter::zip;

/// Of more classes the first ones stand for all.
const MOST_CLASSES: usize = 20;

impl Dataset {
    /// Counts the images of each class.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let classes = ["cat", "dog"].map(String::from).to_vec();
    /// let set = Dataset::new(array![[0, 10], [20, 30], [40, 50]], vec![0, 1, 0], (1, 2), classes)?;
    /// assert_eq!(set.table().text(), "\
    /// label  class  images
    /// -----  -----  ------
    /// 0      cat         2
    /// 1      dog         1
    /// 3 images of 1 × 2 pixels in 2 classes.");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn table(&self) -> Table {
        let (height, width) = self.image_size();
        let (images, classes) = (number(self.len() as f64), self.classes().len());
        let hidden = match classes.saturating_sub(MOST_CLASSES) {
            0 => String::new(),
            more => format!(", {more} of which are not listed"),
        };
        let caption =
            format!("{images} images of {height} × {width} pixels in {classes} classes{hidden}.");
        let table = Table::new(&["label", "class", "images"]).align("llr").caption(&caption);
        let rows = zip(self.classes(), self.class_counts()).enumerate().take(MOST_CLASSES);
        rows.fold(table, |table, (label, (class, count))| {
            table.row(&[&label.to_string(), class, &number(count as f64)])
        })
    }

    /// Shows the data set as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

impl Data {
    /// Counts the images of each set.
    pub fn table(&self) -> Table {
        let header = ["set", "images", "pixels", "classes"];
        let table = Table::new(&header).align("lrrr").caption(&self.caption());
        let sets = [
            ("training", Some(&self.train)),
            ("validation", self.validation.as_ref()),
            ("test", Some(&self.test)),
        ];
        let sets = sets.into_iter().filter_map(|(name, set)| set.map(|set| (name, set)));
        sets.fold(table, |table, (name, set)| {
            let (height, width) = set.image_size();
            table.row(&[
                name,
                &number(set.len() as f64),
                &format!("{height} × {width}"),
                &set.classes().len().to_string(),
            ])
        })
    }

    /// Shows the data as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}
