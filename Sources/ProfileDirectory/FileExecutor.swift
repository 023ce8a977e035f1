import Dispatch

/// Runs an actor's work on a queue of its own, because calls to the file system block and must not hold
/// up the threads of the cooperative pool.
package final class FileExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "millm.files")

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedSerialExecutor()
        queue.async { unsafe job.runSynchronously(on: executor) }
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
