import Glibc
import Steering

/// A thread of its own for work that blocks, which has no place on Swift's cooperative pool.
enum EngineThread {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Starts a detached thread that runs the body and ends.
    ///
    /// - Throws: ``InferenceError`` `.engineFailed` if the system gives no thread.
    static func start(_ body: sending @escaping () -> Void) throws(InferenceError) {
        let box = unsafe Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard status == 0 else {
            unsafe box.release()
            let reason = unsafe String(cString: strerror(status))
            throw InferenceError(.engineFailed, "The system starts no thread for the model: \(reason).")
        }
        pthread_detach(thread)
    }
}
