//! Writes built-in digits as IDX files under MNIST's names, for programs that read MNIST:
//! `cargo run --release -p backprop --example export_digits -- FOLDER TRAIN TEST`

use backprop::Data;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, train, test] = &arguments[..] else {
        return Err("expected: FOLDER TRAIN TEST, the folder and the numbers of images".into());
    };
    let data = Data::digits(train.parse()?, test.parse()?)?;
    data.save(Path::new(folder))?;
    println!("{}", data.description());
    Ok(())
}
