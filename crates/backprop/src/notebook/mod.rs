//! What only a notebook asks for: figures of networks and of trainings, results as tables and curves, what is
//! shown while a cell runs, and the questions of an exercise.

mod explore;
mod live;
mod network_diagram;
mod question;
mod results;
mod sweep;
mod tables;
mod training;
mod venn_diagram;

pub use explore::Explore;
pub use network_diagram::NetworkDiagram;
pub use question::Question;
pub use venn_diagram::VennDiagram;
