import FoundationEssentials
import ProfileDirectory

extension Daemon {
    /// The object of `status.json` with one key more, `running`; that key alone if there is no status, with `pid` if a
    /// daemon serves all the same.
    ///
    /// - Parameter isPretty: Whether to write it indented, or on a single line.
    func jsonText(isPretty: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(StatusObject(daemon: self)), as: UTF8.self)
    }
}

private struct StatusObject: Encodable {
    let daemon: Daemon

    enum CodingKeys: String, CodingKey {
        case running, pid
    }

    func encode(to encoder: any Encoder) throws {
        switch daemon {
        case .unknown, .silent: break
        case .stopped(let status), .running(let status): try status.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        if case .silent(let pid) = daemon {
            try container.encode(true, forKey: .running)
            try container.encode(pid, forKey: .pid)
        } else {
            try container.encode(daemon.runningStatus != nil, forKey: .running)
        }
    }
}
