//! What a run shows while it goes on: a bar for each notebook at work, or, where stderr is no
//! terminal, a line for each cell.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use backprop_report::export::Warning;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::execute::{Event, Execution};

/// The lines of all notebooks at work.
pub struct Display {
    bars: Option<MultiProgress>,
    total: usize,
}

/// One notebook's line.
pub struct Line<'a> {
    display: &'a Display,
    name: String,
    bar: Option<ProgressBar>,
}

impl Display {
    pub fn new(total: usize) -> Display {
        let bars = stderr().is_terminal().then(MultiProgress::new);
        let display = Display { bars, total };
        match display.total {
            1 => display.print("Executing one notebook."),
            total => display.print(&format!("Executing {total} notebooks.")),
        }
        display
    }

    /// Gives a notebook its line.
    pub fn begin(&self, name: &str) -> Line<'_> {
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new(0).with_prefix(name.to_owned()));
            let template =
                "{spinner} {prefix:28!} {bar:12} {pos:>2}/{len:2} {elapsed:>4} {wide_msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        let line = Line { display: self, name: name.to_owned(), bar };
        line.say("the kernel starts");
        line
    }

    fn print(&self, text: &str) {
        match &self.bars {
            // What cannot be shown is no reason to stop.
            Some(bars) => drop(bars.println(text)),
            None => eprintln!("{text}"),
        }
    }
}

impl Line<'_> {
    pub fn show(&self, event: &Event) {
        match event {
            Event::Cell { number, of, line } => {
                if let Some(bar) = &self.bar {
                    bar.set_length(*of);
                    bar.set_position(number - 1);
                }
                match self.bar {
                    Some(_) => self.say(line),
                    None => self.say(&format!("cell {number} of {of}: {line}")),
                }
            }
            Event::Failed(_) => self.say("failed; writing the page"),
            Event::KernelReady | Event::Done { .. } => {}
        }
    }

    /// Tells what the page of the notebook lacks.
    pub fn warn(&self, warnings: &[Warning]) {
        for warning in warnings {
            self.display.print(&format!("{}: warning: {warning}", self.name));
        }
    }

    pub fn end(self, outcome: &Execution) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let text = match outcome {
            Execution::Passed { seconds } => format!("passed in {seconds:.1} s"),
            Execution::Failed(failure) => match failure.cell {
                Some(cell) => format!("FAILED in cell [{cell}]"),
                None => "FAILED".to_owned(),
            },
            Execution::Interrupted => "interrupted".to_owned(),
        };
        self.display.print(&format!("{}: {text}", self.name));
    }

    fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(message.to_owned()),
            None => self.display.print(&format!("{}: {message}", self.name)),
        }
    }
}
