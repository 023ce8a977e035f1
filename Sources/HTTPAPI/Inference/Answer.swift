import Profiles
import Steering

/// What all answers to one request, and all chunks of a stream, have in common.
struct AnswerHead: Sendable {
    /// `chatcmpl-` or `cmpl-` and the request's id, under which it stands in the log.
    var id: String
    /// Seconds since 1970.
    var created: Int64
    var model: String
    /// Changes with the steering: what OpenAI calls the configuration that an answer was made with.
    var fingerprint: String

    init(id: String, created: Timestamp, model: String, plan: SteeringPlan) {
        self.id = id
        self.created = created.microseconds / 1_000_000
        self.model = model
        fingerprint = "fp_" + plan.digest.description.drop { $0 != ":" }.dropFirst().prefix(12)
    }
}

/// An answer as a whole, or one chunk of it.
struct Answer<Choice: Encodable & Sendable>: Encodable, Sendable {
    /// What stands under the key `usage`.
    enum UsageField: Sendable {
        case absent
        case null
        case present(Usage)
    }

    var head: AnswerHead
    /// `chat.completion`, say.
    var object: String
    var choices: [Choice]
    var usage = UsageField.absent
    /// Nil in all chunks but the last.
    var steering: SteeringReceipt?
    /// Left out if there are none.
    var warnings: [String] = []

    enum CodingKeys: String, CodingKey {
        case id, object, created, model, choices, usage, steering, warnings
        case fingerprint = "system_fingerprint"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(head.id, forKey: .id)
        try container.encode(object, forKey: .object)
        try container.encode(head.created, forKey: .created)
        try container.encode(head.model, forKey: .model)
        try container.encode(head.fingerprint, forKey: .fingerprint)
        try container.encode(choices, forKey: .choices)
        switch usage {
        case .absent: break
        case .null: try container.encodeNil(forKey: .usage)
        case .present(let usage): try container.encode(usage, forKey: .usage)
        }
        try container.encodeIfPresent(steering, forKey: .steering)
        if !warnings.isEmpty { try container.encode(warnings, forKey: .warnings) }
    }
}
