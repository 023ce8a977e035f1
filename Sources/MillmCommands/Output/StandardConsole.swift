import FileWatching
import Glibc
import ProfileDirectory

/// The console of the process: file descriptors 0, 1 and 2.
package struct StandardConsole: Console {
    package init() {}

    /// Takes the places of standard streams that the parent has closed, so that no file of ours gets one of their
    /// numbers and our messages with it. What is written there fails, as it would without this.
    package static func reserveDescriptors() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            let flags = number == STDIN_FILENO ? O_WRONLY : O_RDONLY
            // Gives the lowest free number, which is this one.
            guard unsafe open("/dev/null", flags) == number else { return }
        }
    }

    package func write(_ text: String, to stream: ConsoleStream) throws(ConsoleError) {
        try write(Array(text.utf8), to: stream)
    }

    package func write(_ bytes: [UInt8], to stream: ConsoleStream) throws(ConsoleError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(stream.descriptor, $0.baseAddress, $0.count) }
            let code = errno
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if code == EINTR {
                continue
            } else if code == EAGAIN {
                Self.wait(for: stream.descriptor, POLLOUT)
            } else if stream == .error {
                return
            } else if code == EPIPE {
                throw .closedPipe
            } else {
                throw .failed(action: "Writing to standard output", reason: SystemError("write", code).sentence)
            }
        }
    }

    package func terminal(behind stream: ConsoleStream) -> Terminal? {
        guard isatty(stream.descriptor) == 1 else { return nil }
        var size = winsize()
        let known = unsafe ioctl(stream.descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(columns: known ? Int(size.ws_col) : nil)
    }

    package func readStandardInput(limit: Int) throws(ConsoleError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
            let code = errno
            if count > 0 {
                bytes += chunk.prefix(count)
            } else if count == 0 {
                break
            } else if code == EAGAIN {
                Self.wait(for: STDIN_FILENO, POLLIN)
            } else if code != EINTR {
                throw .failed(action: "Reading standard input", reason: SystemError("read", code).sentence)
            }
        }
        return bytes
    }

    /// Waits for a descriptor that does not wait by itself: another program that shares it may have asked for that.
    static func wait(for descriptor: Int32, _ events: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = unsafe poll(&entry, 1, -1)
    }
}

extension ConsoleStream {
    fileprivate var descriptor: Int32 {
        switch self {
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }
}
