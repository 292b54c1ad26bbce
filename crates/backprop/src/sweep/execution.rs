//! Running a grid: threads that take one experiment after the other, and one place that keeps the file.

use super::grid::{Experiment, Sweep};
use super::results::{Results, Run};
use super::turn::Turn;
use crate::data::Data;
use crate::error::Error;
use crate::training::history::Outcome;
use crate::training::interrupt::Interrupt;
use crate::training::pace::Pace;
use crate::training::run::Progress;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

/// Where a sweep is.
#[derive(Clone, Copy, Debug)]
pub struct SweepProgress<'a> {
    /// The runs that have ended, in this call or in earlier ones.
    pub results: &'a Results,
    /// The run that has ended just now.
    pub ended: Option<&'a Run>,
    /// The runs that go on, with the running losses of their epochs so far.
    pub unfinished: &'a [(Experiment, Vec<f64>)],
    /// The share of this call's work that is done, 0 to 1.
    pub share: f64,
    /// The time left, in seconds, if the rest goes on as fast; infinite as long as that cannot be told.
    pub seconds_left: f64,
}

/// How long nothing may happen before progress is reported all the same.
const PAUSE: Duration = Duration::from_millis(100);

impl Sweep {
    /// Runs the experiments that the file at `path` lacks, so many at a time, and reports to `progress`
    /// several times a second; it can stop the sweep, and so can an interrupt of the notebook's kernel.
    ///
    /// The file is written as each run ends. Stopped, the sweep returns the runs that have ended; called
    /// again, it goes on with the others. What it finds does not depend on the number of threads.
    /// Where another process runs experiments of this file already, it waits and takes over what that
    /// one finds.
    ///
    /// # Errors
    /// Settings that make no sense or do not fit the data; a file at `path` that cannot be read or
    /// written, that is damaged, or that holds another grid, other data or another version's results.
    /// Such a file is never written to.
    pub fn run_with(
        &self,
        data: &Data,
        path: &str,
        threads: usize,
        progress: &mut dyn FnMut(SweepProgress<'_>) -> ControlFlow<()>,
    ) -> Result<Results, Error> {
        if threads == 0 {
            let (expected, found) = ("at least 1".to_owned(), "0".to_owned());
            return Err(Error::Setting { what: "threads of a sweep", expected, found });
        }
        self.check(data)?;
        let results = Results::open(path, self, data.description())?;
        if results.is_complete() {
            return Ok(results);
        }
        let Some(_turn) = self.wait_for_turn(data, path, progress)? else {
            return Results::open(path, self, data.description());
        };
        // Another process may have added to it.
        let mut results = Results::open(path, self, data.description())?;
        results.add(results.known())?;
        let crew = Crew::new(self, data, results.missing())?;
        // Handed over in person: no thread runs ahead of the file, or of a wish to stop.
        let (sender, receiver) = mpsc::sync_channel(0);
        thread::scope(|scope| {
            for _ in 0..threads.min(crew.jobs.len()) {
                let sender = sender.clone();
                scope.spawn(|| crew.work(sender));
            }
            drop(sender); // the last thread to end hangs up
            let collected = crew.collect(receiver, &mut results, progress);
            crew.stop.store(true, Ordering::Relaxed);
            collected
        })?;
        Ok(results)
    }

    /// Waits until no other process works on the file, and reports what that one has found meanwhile;
    /// there is no turn when the wait was to stop.
    fn wait_for_turn(
        &self,
        data: &Data,
        path: &str,
        progress: &mut dyn FnMut(SweepProgress<'_>) -> ControlFlow<()>,
    ) -> Result<Option<Turn>, Error> {
        let interrupt = Interrupt::watch();
        loop {
            if let Some(turn) = Turn::take(Path::new(path))? {
                return Ok(Some(turn));
            }
            let results = &Results::open(path, self, data.description())?;
            let (done, missing) = (results.runs.len(), results.missing().len());
            let share = done as f64 / (done + missing) as f64;
            let (ended, unfinished, seconds_left) = (None, &[][..], f64::INFINITY);
            let now = SweepProgress { results, ended, unfinished, share, seconds_left };
            if interrupt.is_asked() || progress(now).is_break() {
                return Ok(None);
            }
            thread::sleep(PAUSE);
        }
    }
}

/// An experiment that is to be run.
struct Job {
    experiment: Experiment,
    /// What a mini-batch of it costs: the number of parameters.
    batch_cost: u64,
    /// What all of it costs.
    cost: u64,
}

/// What the threads share.
struct Crew<'a> {
    sweep: &'a Sweep,
    data: &'a Data,
    /// Longest first, so that no thread begins a long run when the others have nothing left.
    jobs: Vec<Job>,
    next: AtomicUsize,
    stop: AtomicBool,
    /// The cost of what has been done.
    done: AtomicU64,
}

/// What a thread tells of the job that it has.
enum Event {
    /// An epoch has ended, with this running loss.
    Epoch(Experiment, f64),
    /// The run has ended.
    Ended(Box<Run>),
    /// The run could not be carried out.
    Failed(Error),
}

impl<'a> Crew<'a> {
    fn new(sweep: &'a Sweep, data: &'a Data, missing: Vec<Experiment>) -> Result<Crew<'a>, Error> {
        let job = |experiment| {
            let batch_cost = sweep.network(&experiment, data)?.parameter_count() as u64;
            let images = (data.train.len() as f64 * experiment.fraction).round() as usize;
            let batches = images.div_ceil(sweep.batch_size) as u64;
            // What is measured before and after comes to about one epoch more.
            let cost = batch_cost * batches * (sweep.epochs as u64 + 1);
            Ok(Job { experiment, batch_cost, cost })
        };
        let mut jobs: Vec<Job> = missing.into_iter().map(job).collect::<Result<_, Error>>()?;
        jobs.sort_by_key(|job| std::cmp::Reverse(job.cost));
        let (next, stop, done) = Default::default();
        Ok(Crew { sweep, data, jobs, next, stop, done })
    }

    /// What each thread does: the next job, until there is none or the sweep is stopped.
    fn work(&self, events: SyncSender<Event>) {
        while !self.stop.load(Ordering::Relaxed) {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.jobs.get(next) else { return };
            let event = self.train(job, &events).unwrap_or_else(|error| Some(Event::Failed(error)));
            // Where nobody listens any more, or the run was interrupted, the others stop as well.
            if event.is_none_or(|event| events.send(event).is_err()) {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Carries out one job; a run that was interrupted is no event, since nothing of it is kept.
    fn train(&self, job: &Job, events: &SyncSender<Event>) -> Result<Option<Event>, Error> {
        let experiment = job.experiment;
        let mut network = self.sweep.network(&experiment, self.data)?;
        let data = self.sweep.data(&experiment, self.data)?;
        let trainer = self.sweep.trainer(&experiment);
        let mut counted = 0;
        let history = trainer.train_with(&mut network, &data, &mut |progress| {
            match progress {
                Progress::Batch { .. } => {
                    counted += job.batch_cost;
                    self.done.fetch_add(job.batch_cost, Ordering::Relaxed);
                }
                Progress::Epoch(history, _) => {
                    let loss = history.running_loss.last().copied().unwrap_or(f64::NAN);
                    // Where nobody listens any more, `stop` says so.
                    let _ = events.send(Event::Epoch(experiment, loss));
                }
            }
            match self.stop.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        self.done.fetch_add(job.cost.saturating_sub(counted), Ordering::Relaxed);
        let interrupted = matches!(history.outcome, Outcome::Interrupted { .. });
        Ok((!interrupted).then_some(Event::Ended(Box::new(Run { experiment, history }))))
    }

    /// Keeps the file while the threads work, and reports to `progress`, until they have all ended.
    fn collect(
        &self,
        events: Receiver<Event>,
        results: &mut Results,
        progress: &mut dyn FnMut(SweepProgress<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut pace = Pace::default();
        let cost: u64 = self.jobs.iter().map(|job| job.cost).sum();
        let mut unfinished: Vec<(Experiment, Vec<f64>)> = Vec::new();
        loop {
            let mut ended = None;
            match events.recv_timeout(PAUSE) {
                Ok(Event::Epoch(experiment, loss)) => append(&mut unfinished, experiment, loss),
                Ok(Event::Ended(run)) => {
                    unfinished.retain(|(experiment, _)| *experiment != run.experiment);
                    results.add(vec![Run::clone(&run)])?;
                    ended = Some(run);
                }
                Ok(Event::Failed(error)) => return Err(error),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            let share = self.done.load(Ordering::Relaxed) as f64 / cost as f64;
            let seconds_left = pace.seconds_left(share, Instant::now());
            let (ended, unfinished) = (ended.as_deref(), &unfinished[..]);
            let now = SweepProgress { results, ended, unfinished, share, seconds_left };
            if progress(now).is_break() {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Appends the loss of an epoch to those of its experiment.
fn append(unfinished: &mut Vec<(Experiment, Vec<f64>)>, experiment: Experiment, loss: f64) {
    match unfinished.iter_mut().find(|(other, _)| *other == experiment) {
        Some((_, losses)) => losses.push(loss),
        None => unfinished.push((experiment, vec![loss])),
    }
}
