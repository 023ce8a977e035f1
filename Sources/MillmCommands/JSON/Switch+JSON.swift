import ProfileDirectory
import Profiles

extension DaemonWatch.Outcome? {
    /// What became of a switch, for programs; nil is one that nobody waited for.
    ///
    /// - Parameter active: The profile that is active now; nil if none is.
    func json(active: ProfileID?) -> JSONValue {
        [
            "profile_id": JSONValue(active?.description),
            "outcome": .string(word),
            "generation": JSONValue(self?.status.generation),
            "features": JSONValue(features),
            "milliseconds": self.map { .number($0.milliseconds) } ?? .null,
            "reason": reason.map(\.json) ?? .null,
        ]
    }

    /// `saved`, `applied` or `rejected`.
    private var word: String {
        switch self?.verdict {
        case nil: "saved"
        case .applied: "applied"
        case .rejected: "rejected"
        }
    }

    /// The number of features that were applied.
    private var features: Int? {
        guard self?.verdict == .applied else { return nil }
        return self?.status.applied?.features ?? 0
    }

    private var reason: LoaderStatus.Reason? {
        guard case .rejected(let reason) = self?.verdict else { return nil }
        return reason
    }
}

extension LoaderStatus.Reason {
    fileprivate var json: JSONValue {
        [
            "code": .string(code),
            "message": .string(message),
            "file": JSONValue(file),
            "line": JSONValue(line),
            "column": JSONValue(column),
            "since": .string(since.description),
        ]
    }
}
