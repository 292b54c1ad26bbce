//! Methods that several kinds of figures have, here and in crates that draw figures of their own.

/// Writes the setters of the words around a figure; they need its field `words`.
#[doc(hidden)]
#[macro_export]
macro_rules! word_setters {
    () => {
        /// Sets the caption: data set, seed, what to look at.
        pub fn caption(mut self, caption: &str) -> Self {
            self.words.caption = $crate::parts::text::one_line(caption);
            self
        }

        /// Describes the figure in words of your own, instead of those made from its numbers.
        pub fn alt(mut self, alt: &str) -> Self {
            self.words.alt = Some($crate::parts::text::one_line(alt));
            self
        }
    };
}

/// Writes the setters of the axes' names; they need the fields `x_name` and `y_name`.
macro_rules! axis_setters {
    () => {
        /// Names the horizontal axis, with its unit.
        pub fn x(mut self, name: &str) -> Self {
            self.x_name = $crate::parts::text::one_line(name);
            self
        }

        /// Names the vertical axis, with its unit.
        pub fn y(mut self, name: &str) -> Self {
            self.y_name = $crate::parts::text::one_line(name);
            self
        }
    };
}
pub(crate) use axis_setters;

/// Writes the methods that every kind of figure has that does not move; they need its field `words`
/// and its `draw`.
#[doc(hidden)]
#[macro_export]
macro_rules! common_methods {
    () => {
        $crate::word_setters!();

        /// Draws the figure and shows it as the result of a notebook cell; the kernel calls it.
        pub fn evcxr_display(&self) {
            self.draw().evcxr_display();
        }
    };
}
pub(crate) use common_methods;
