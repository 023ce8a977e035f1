import Foundation
import Profiles

/// The same job by watchfiles and PyYAML, as people would write it: `rival.py` beside this file.
final class Rival: Sendable {
    private let process = Process()
    private let lines: FileHandle

    /// - Parameters:
    ///   - python: An interpreter that has watchfiles, PyYAML and numpy.
    ///   - step: watchfiles' `step` and `debounce` in milliseconds; nil leaves its defaults, 50 and 1 600.
    init(python: String, profiles: String, sae: String, step: Int?) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().path + "/rival.py"
        let pipe = Pipe()
        lines = pipe.fileHandleForReading
        process.executableURL = URL(filePath: python)
        process.arguments = [script, profiles, sae] + (step.map { ["\($0)"] } ?? [])
        process.standardOutput = pipe
        try process.run()
        _ = lines.availableData  // it watches
    }

    func stop() {
        // It does not end when it is asked to.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func measure(_ bench: Bench, changes: Int) async throws -> Times {
        try await onThread { [self] in
            var times = Times()
            var text = ""
            for number in -20..<changes {
                let change = try bench.change(number &+ 2_000_000)
                let (now, time) = (ContinuousClock.now, Self.nanoseconds)
                while true {
                    let lines = text.split(separator: "\n")
                    if let line = lines.last(where: { change.digest.description.hasSuffix($0.prefix(64)) }),
                        text.last == "\n",
                        let end = Int(line.dropFirst(65))
                    {
                        // What the rival's clock says, on this one's scale.
                        let swap = now + .nanoseconds(end - time)
                        if number >= 0 { times.add(change.call.duration(to: swap), change.return.duration(to: swap)) }
                        break
                    }
                    let data = self.lines.availableData
                    guard !data.isEmpty else { throw POSIXError(.EPIPE) }
                    text += String(decoding: data, as: UTF8.self)
                }
                text = ""
                usleep(UInt32.random(in: 0...2000))
            }
            return times
        }
    }

    /// The clock that both programs read.
    private static var nanoseconds: Int {
        var time = timespec()
        precondition(unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
