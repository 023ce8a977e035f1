import ArgumentParser

/// How long to wait for the daemon, in seconds: the value of `--wait`.
struct WaitLimit: ExpressibleByArgument, Hashable, Sendable, CustomStringConvertible {
    /// Above 0, at most a day.
    let seconds: Double

    /// What a bare `--wait` means.
    static let standard = WaitLimit(seconds: 10)

    private init(seconds: Double) {
        self.seconds = seconds
    }

    init?(argument: String) {
        guard let seconds = Double(argument), seconds > 0, seconds <= 86_400 else { return nil }
        self.init(seconds: seconds)
    }

    var description: String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
