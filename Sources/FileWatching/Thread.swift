import Glibc

/// Starts a thread for work that blocks, which must not happen on the threads of the cooperative pool.
///
/// - Parameter name: At most 15 bytes; what `top -H` shows.
/// - Throws: `EAGAIN` if there are too many threads.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
    let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
    var thread = pthread_t()
    let error = unsafe pthread_create(
        &thread,
        nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
            work.body()
            return nil
        },
        work.toOpaque()
    )
    guard error == 0 else {
        unsafe work.release()
        throw SystemError("pthread_create", error)
    }
    // Nobody waits for it: it ends when it is told to.
    _ = pthread_detach(thread)
}
