//! Simulates the order in which Node.js completes file accesses: a queue of steps that each wait for a
//! number of ticks of the event loop.

use std::collections::VecDeque;

/// The ticks for listing a directory or for one `stat`.
pub(super) const STAT_TICKS: usize = 1;

/// Returns the ticks for reading a file of `length` bytes: open, stat, read each chunk, close.
pub(super) fn read_ticks(length: usize) -> usize {
    const CHUNK: usize = 512 * 1024;
    3 + length.div_ceil(CHUNK).max(1)
}

/// The waiting steps.
#[derive(Debug)]
pub(super) struct Queue<T> {
    steps: VecDeque<(usize, T)>,
}

impl<T> Queue<T> {
    /// Creates an empty queue.
    pub fn new() -> Self {
        Self { steps: VecDeque::new() }
    }

    /// Adds a step that is ready after `ticks`.
    pub fn push(&mut self, ticks: usize, step: T) {
        self.steps.push_back((ticks, step));
    }

    /// Returns the next step that is ready.
    pub fn pop(&mut self) -> Option<T> {
        loop {
            match self.steps.pop_front()? {
                (0 | 1, step) => return Some(step),
                (ticks, step) => self.steps.push_back((ticks - 1, step)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_steps_overtake_long_ones() {
        let mut queue = Queue::new();
        queue.push(read_ticks(10), "file");
        queue.push(STAT_TICKS, "entry");
        queue.push(read_ticks(600 * 1024), "large file");
        queue.push(read_ticks(0), "empty file");
        let order: Vec<&str> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, ["entry", "file", "empty file", "large file"]);
    }
}
