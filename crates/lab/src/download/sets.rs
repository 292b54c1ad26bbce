//! The data sets that can be downloaded, and from where.

use std::path::Path;

use super::{Checksum, KnownFile};

/// A data set that can be downloaded.
pub struct DataSet {
    pub name: &'static str,
    pub size: &'static str,
    pub files: &'static [KnownFile],
    pub mirrors: &'static [&'static str],
    pub licence: &'static str,
}

pub const MNIST: DataSet = DataSet {
    name: "mnist",
    size: "11 MB",
    files: &[
        KnownFile {
            name: "train-images-idx3-ubyte.gz",
            checksum: Checksum::Sha256(
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
        },
        KnownFile {
            name: "train-labels-idx1-ubyte.gz",
            checksum: Checksum::Sha256(
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
        },
        KnownFile {
            name: "t10k-images-idx3-ubyte.gz",
            checksum: Checksum::Sha256(
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
        },
        KnownFile {
            name: "t10k-labels-idx1-ubyte.gz",
            checksum: Checksum::Sha256(
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        },
    ],
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    licence: "MNIST: Y. LeCun, C. Cortes, C. J. C. Burges; licence CC BY-SA 3.0",
};

pub const PNEUMONIA: DataSet = DataSet {
    name: "pneumonia",
    size: "4 MB",
    files: &[KnownFile {
        name: "pneumoniamnist.npz",
        checksum: Checksum::Md5("28209eda62fecd6e6a2d98b1501bb15f"),
    }],
    mirrors: &["https://zenodo.org/records/10519652/files/"],
    licence: "PneumoniaMNIST (children with pneumonia, not COVID-19): MedMNIST v2, J. Yang et al., \
        from X-rays of D. S. Kermany et al.; licence CC BY 4.0",
};

impl DataSet {
    /// Tells whether a folder holds all files, as they are or unpacked.
    pub fn is_complete(&self, folder: &Path) -> bool {
        self.files.iter().all(|file| {
            let unpacked = file.name.trim_end_matches(".gz");
            folder.join(file.name).is_file() || folder.join(unpacked).is_file()
        })
    }
}
