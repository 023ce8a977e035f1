import CLinux
import Glibc

/// Wakes a thread that waits in poll(2), once and for good.
final class StopSignal: Sendable {
    private let descriptor: Descriptor

    init() throws(SystemError) {
        let number = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard number >= 0 else { throw SystemError("eventfd") }
        descriptor = Descriptor(owning: number)
    }

    /// Makes every wait end from now on.
    func send() {
        // It fails only if the counter is full, and then the signal has long been sent.
        _ = eventfd_write(descriptor.number, 1)
    }

    enum Outcome {
        case readable, timeout, stopped
    }

    /// Waits until the descriptor can be read, the signal is sent or the time is over.
    ///
    /// - Parameter other: The descriptor; nil waits for the signal and the time alone.
    func wait(for other: Int32?, timeout: Duration) -> Outcome {
        var descriptors = [
            pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let (seconds, attoseconds) = timeout.components
        // Rounded up, so that a short time does not become a busy loop.
        let milliseconds = max(0, seconds) * 1000 + max(0, attoseconds) / 1_000_000_000_000_000 + 1
        // It fails with EINTR alone, and is then as good as over too early.
        let count = unsafe poll(&descriptors, 2, Int32(clamping: milliseconds))
        if descriptors[0].revents != 0 { return .stopped }
        return count > 0 ? .readable : .timeout
    }
}
