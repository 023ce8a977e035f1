/// The schemas that the document keeps under names.
enum SchemaName: String, CaseIterable, Sendable {
    case profile = "Profile"
    case profileFields = "ProfileFields"
    case newProfile = "NewProfile"
    case diagnostic = "Diagnostic"
    case strengths = "Strengths"
    case steering = "Steering"
    case status = "Status"
    case statusReason = "StatusReason"
    case profileFile = "ProfileFile"
    case millmEnvelope = "MillmEnvelope"
    case millmRow = "MillmRow"
    case millmFlat = "MillmFlat"
    case chatRequest = "ChatRequest"
    case chatAnswer = "ChatAnswer"
    case completionRequest = "CompletionRequest"
    case completionAnswer = "CompletionAnswer"
    case usage = "Usage"
    case receipt = "SteeringReceipt"
    case model = "Model"

    var schema: Schema {
        switch self {
        case .profile: .profile
        case .profileFields: .profileFields(isNew: false)
        case .newProfile: .profileFields(isNew: true)
        case .diagnostic: .diagnostic
        case .strengths: .strengths
        case .steering: .steering
        case .status: .status
        case .statusReason: .statusReason
        case .profileFile: .profileFile
        case .millmEnvelope: .millmEnvelope
        case .millmRow: .millmRow
        case .millmFlat: .millmFlat
        case .chatRequest: .chatRequest
        case .chatAnswer: .chatAnswer
        case .completionRequest: .completionRequest
        case .completionAnswer: .completionAnswer
        case .usage: .usage
        case .receipt: .receipt
        case .model: .model
        }
    }
}
