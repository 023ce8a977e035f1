import FoundationEssentials
import ProfileDirectory

extension Daemon {
    /// The object of `status.json` on a single line, with one key more, `running`; that key alone if there is no status,
    /// with `pid` if a daemon serves all the same.
    func jsonLine() throws -> String { try StatusObject(daemon: self).text() }
}

extension Following {
    /// The daemon's object, indented, with the key `followed`: whether it has dealt with what the directory says.
    func jsonText() throws -> String {
        try StatusObject(daemon: daemon, isFollowed: pending == nil && daemon.runningStatus != nil).text(.prettyPrinted)
    }
}

private struct StatusObject: Encodable {
    let daemon: Daemon
    var isFollowed: Bool?

    enum CodingKeys: String, CodingKey {
        case running, pid, followed
    }

    func text(_ formatting: JSONEncoder.OutputFormatting = []) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func encode(to encoder: any Encoder) throws {
        switch daemon {
        case .unknown, .silent: break
        case .stopped(let status), .running(let status): try status.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(isFollowed, forKey: .followed)
        if case .silent(let pid) = daemon {
            try container.encode(true, forKey: .running)
            try container.encode(pid, forKey: .pid)
        } else {
            try container.encode(daemon.runningStatus != nil, forKey: .running)
        }
    }
}
