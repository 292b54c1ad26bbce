//! What a cell shows that ends in a network, a layer, a gradient, a data set, a trainer or a sweep: small tables,
//! with their text beside them.

mod data;
mod history;
mod network;
mod parameters;
mod settings;
