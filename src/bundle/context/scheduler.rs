//! Runs tasks that wait for file accesses, in the order in which a single thread would serve them.
//!
//! A minimal executor: a task that requests an access waits until the ticks of the access are over.

use crate::bundle::event_loop::Queue;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A task that waits for file accesses.
pub(super) type Task<'t> = Pin<Box<dyn Future<Output = ()> + 't>>;

/// The waiting tasks, and the running one.
pub(super) struct Scheduler {
    queue: RefCell<Queue<usize>>,
    running: Cell<usize>,
}

impl Scheduler {
    pub(super) fn new() -> Self {
        Self { queue: RefCell::new(Queue::new()), running: Cell::new(0) }
    }

    /// Runs all tasks to completion.
    pub(super) fn run(&self, tasks: Vec<Task<'_>>) {
        let mut tasks: Vec<Option<_>> = tasks.into_iter().map(Some).collect();
        for task in 0..tasks.len() {
            self.poll(task, &mut tasks);
        }
        loop {
            let next = self.queue.borrow_mut().pop();
            match next {
                Some(task) => self.poll(task, &mut tasks),
                None => return,
            }
        }
    }

    fn poll(&self, task: usize, tasks: &mut [Option<Task<'_>>]) {
        self.running.set(task);
        let mut context = Context::from_waker(Waker::noop());
        if let Some(future) = &mut tasks[task]
            && future.as_mut().poll(&mut context).is_ready()
        {
            tasks[task] = None;
        }
    }

    /// Returns a future that waits for an access that takes `count` ticks.
    pub(super) fn ticks(&self, count: usize) -> Ticks<'_> {
        Ticks { scheduler: self, count, asked: false }
    }
}

/// The future of [`Scheduler::ticks`].
pub(super) struct Ticks<'s> {
    scheduler: &'s Scheduler,
    count: usize,
    asked: bool,
}

impl Future for Ticks<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.asked, true) {
            return Poll::Ready(());
        }
        self.scheduler.queue.borrow_mut().push(self.count, self.scheduler.running.get());
        Poll::Pending
    }
}
