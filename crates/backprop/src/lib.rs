//! Backpropagation, in the words of the lecture.
