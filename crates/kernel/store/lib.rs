//! The store that keeps a notebook's variables from cell to cell: evcxr's, compiled once.
//!
//! evcxr's own is a module of this crate's name, and rustc spends most of a cell's time on its hash map.
//! Here that is compiled with the template; a cell compiles what depends on a variable's type, and no
//! more. What evcxr calls stays what it is.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// Tells evcxr that a variable is lost, since its type was defined anew.
pub const VARIABLE_CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";
/// Tells evcxr that a cell was left early, by `?`.
pub const USER_ERROR_OCCURRED: &str = "EVCXR_ERROR_OCCURRED";

/// The variables by their names.
pub struct VariableStore {
    variables: HashMap<String, Box<dyn Any>>,
}

/// Makes a store; the runtime passes it from cell to cell.
pub fn create_variable_store() -> *mut VariableStore {
    Box::into_raw(Box::new(VariableStore { variables: HashMap::new() }))
}

impl VariableStore {
    /// Keeps a variable.
    pub fn put_variable<T: 'static>(&mut self, name: &str, value: T) {
        self.put(name, Box::new(value));
    }

    /// Says whether a variable, if it is kept, is still of type `T`.
    pub fn check_variable<T: 'static>(&mut self, name: &str) -> bool {
        let is_same = self.get(name).is_none_or(|value| value.is::<T>());
        if !is_same {
            tell_of_loss(name);
        }
        is_same
    }

    /// Gives a variable, which is no longer kept then.
    ///
    /// # Panics
    /// If it is not kept, or of another type.
    pub fn take_variable<T: 'static>(&mut self, name: &str) -> T {
        match self.take(name).downcast() {
            Ok(value) => *value,
            Err(_) => missing(name, "has changed its type"),
        }
    }

    /// Gives what is kept under a name for all cells, and makes it at first.
    ///
    /// # Panics
    /// If it is of another type.
    pub fn lazy_arc<T: 'static>(&mut self, name: &str, create: impl FnOnce() -> T) -> Arc<T> {
        if self.get(name).is_none() {
            self.put(name, Box::new(Arc::new(create())));
        }
        match self.get(name).and_then(|value| value.downcast_ref::<Arc<T>>()) {
            Some(shared) => Arc::clone(shared),
            None => missing(name, "has changed its type"),
        }
    }

    #[inline(never)]
    fn put(&mut self, name: &str, value: Box<dyn Any>) {
        self.variables.insert(name.to_owned(), value);
    }

    #[inline(never)]
    fn get(&self, name: &str) -> Option<&dyn Any> {
        self.variables.get(name).map(Box::as_ref)
    }

    #[inline(never)]
    fn take(&mut self, name: &str) -> Box<dyn Any> {
        self.variables.remove(name).unwrap_or_else(|| missing(name, "has gone missing"))
    }
}

#[inline(never)]
fn tell_of_loss(name: &str) {
    eprintln!("The type of the variable {name} was redefined, so was lost.");
    println!("{VARIABLE_CHANGED_TYPE}{name}");
}

#[cold]
#[inline(never)]
fn missing(name: &str, how: &str) -> ! {
    panic!("The variable {name} {how}")
}
