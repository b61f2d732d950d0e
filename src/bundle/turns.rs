//! The order in which a JavaScript program on one thread gets its files: a queue of steps, each of
//! which stands in line for a number of turns.

use std::collections::VecDeque;

/// Turns for listing a directory or asking about one entry.
pub(super) const LOOK: usize = 1;

/// Turns for reading a file of `length` bytes: open, ask, read each chunk, close.
pub(super) fn read(length: usize) -> usize {
    const CHUNK: usize = 512 * 1024;
    3 + length.div_ceil(CHUNK).max(1)
}

/// Steps in line.
#[derive(Debug)]
pub(super) struct Queue<T> {
    steps: VecDeque<(usize, T)>,
}

impl<T> Queue<T> {
    /// An empty line.
    pub fn new() -> Self {
        Self { steps: VecDeque::new() }
    }

    /// Puts a step at the end of the line, to be done after `turns`.
    pub fn push(&mut self, turns: usize, step: T) {
        self.steps.push_back((turns, step));
    }

    /// The next step that is done.
    pub fn pop(&mut self) -> Option<T> {
        loop {
            match self.steps.pop_front()? {
                (0 | 1, step) => return Some(step),
                (turns, step) => self.steps.push_back((turns - 1, step)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_step_overtakes_a_long_one() {
        let mut queue = Queue::new();
        queue.push(read(10), "file");
        queue.push(LOOK, "entry");
        queue.push(read(600 * 1024), "large file");
        queue.push(read(0), "empty file");
        let order: Vec<&str> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, ["entry", "file", "empty file", "large file"]);
    }
}
