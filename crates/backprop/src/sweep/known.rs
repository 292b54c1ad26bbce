//! Runs that are known already: results of another sweep, over the same data with the same settings, which
//! somebody trusts. Whoever grades a class trains the lab's experiments once for all hand-ins.

use super::results::{Results, Run};
use backprop_protocol::variable;
use std::env;
use std::fs;
use std::path::Path;

impl Results {
    /// Gives the missing runs that the folder named by the environment knows; none where it names none.
    pub(super) fn known(&self) -> Vec<Run> {
        env::var_os(variable::KNOWN_RUNS)
            .map_or_else(Vec::new, |folder| self.known_in(Path::new(&folder)))
    }

    /// Gives the missing runs that results files of a folder hold. A run is the same where the version, the
    /// data, the settings and the experiment are; a file that cannot be read holds none, and its
    /// experiments are trained.
    fn known_in(&self, folder: &Path) -> Vec<Run> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let files = entries.filter_map(|entry| Results::load(entry.path().to_str()?).ok());
        let alike: Vec<Results> = files.filter(|other| self.trains_like(other)).collect();
        let runs = || alike.iter().flat_map(|other| &other.runs);
        let known = |experiment| runs().find(|run| run.experiment == experiment).cloned();
        self.missing().into_iter().filter_map(known).collect()
    }

    fn trains_like(&self, other: &Results) -> bool {
        let (ours, theirs) = (&self.sweep, &other.sweep);
        self.crate_version == other.crate_version
            && self.data == other.data
            && (ours.epochs, ours.batch_size, ours.loss)
                == (theirs.epochs, theirs.batch_size, theirs.loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::network::activation::Activation;
    use crate::sweep::Sweep;
    use std::ops::ControlFlow;

    fn sweep() -> Sweep {
        let activations = vec![Activation::Sigmoid, Activation::Relu];
        Sweep { activations, widths: vec![4], seeds: vec![0, 1], epochs: 1, ..Sweep::default() }
    }

    fn run(sweep: &Sweep, folder: &Path, name: &str) -> Results {
        let path = folder.join(name).to_str().unwrap().to_owned();
        let data = Data::digits(64, 32).unwrap();
        sweep.run_with(&data, &path, 1, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    fn without_runs(results: &Results) -> Results {
        Results { runs: Vec::new(), ..results.clone() }
    }

    #[test]
    fn a_run_is_known_by_its_experiment_settings_data_and_version() {
        let folder = tempfile::tempdir().unwrap();
        let all = run(&sweep(), folder.path(), "all.json");
        let known = |results: &Results| results.known_in(folder.path());
        assert_eq!(known(&without_runs(&all)), all.runs);
        assert_eq!(known(&all), [], "nothing is missing");

        // Another grid of the same settings: what both have.
        let mut other = without_runs(&all);
        other.sweep.seeds = vec![1, 2];
        assert_eq!(known(&other), [all.runs[1].clone(), all.runs[3].clone()]);

        let mut others = [(); 4].map(|()| without_runs(&all));
        others[0].sweep.epochs = 2;
        others[1].sweep.batch_size = 32;
        others[2].crate_version = "0.0.0".to_owned();
        others[3].data = Data::digits(65, 32).unwrap().description().clone();
        for other in others {
            assert_eq!(known(&other), [], "{other:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let folder = tempfile::tempdir().unwrap();
        let all = run(&sweep(), folder.path(), "all.json");
        let text = fs::read_to_string(folder.path().join("all.json")).unwrap();
        fs::write(folder.path().join("all.json"), &text[..text.len() / 2]).unwrap();
        fs::write(folder.path().join("other.txt"), "no results").unwrap();
        fs::create_dir(folder.path().join("folder.json")).unwrap();
        assert_eq!(without_runs(&all).known_in(folder.path()), []);
        assert_eq!(without_runs(&all).known_in(&folder.path().join("nowhere")), []);
    }
}
