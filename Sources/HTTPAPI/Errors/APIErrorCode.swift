import HTTPTypes
import ProfileDirectory
import Profiles
import Steering

/// A stable name for a kind of error, and the HTTP status that it is answered with: the only place that maps them.
struct APIErrorCode: Hashable {
    /// The name in the management API; the inference API writes it in lower case, as OpenAI does.
    let name: String
    let status: HTTPResponse.Status

    static let badRequest = APIErrorCode(name: "BAD_REQUEST", status: .badRequest)
    static let malformedBody = APIErrorCode(name: "MALFORMED_BODY", status: .badRequest)
    static let invalidContentType = APIErrorCode(name: "INVALID_CONTENT_TYPE", status: .badRequest)
    static let invalidValue = APIErrorCode(name: "INVALID_VALUE", status: .badRequest)
    static let contextLengthExceeded = APIErrorCode(name: "CONTEXT_LENGTH_EXCEEDED", status: .badRequest)
    static let unauthorized = APIErrorCode(name: "UNAUTHORIZED", status: .unauthorized)
    static let forbidden = APIErrorCode(name: "FORBIDDEN", status: .forbidden)
    static let hostNotAllowed = APIErrorCode(name: "HOST_NOT_ALLOWED", status: .forbidden)
    static let originNotAllowed = APIErrorCode(name: "ORIGIN_NOT_ALLOWED", status: .forbidden)
    static let notFound = APIErrorCode(name: "NOT_FOUND", status: .notFound)
    static let modelNotFound = APIErrorCode(name: "MODEL_NOT_FOUND", status: .notFound)
    static let methodNotAllowed = APIErrorCode(name: "METHOD_NOT_ALLOWED", status: .methodNotAllowed)
    static let unsupportedEncoding = APIErrorCode(name: "UNSUPPORTED_ENCODING", status: .unsupportedMediaType)
    static let notImplemented = APIErrorCode(name: "NOT_IMPLEMENTED", status: .notImplemented)
    static let bodyTooLarge = APIErrorCode(name: "BODY_TOO_LARGE", status: .contentTooLarge)
    static let headerTooLarge = APIErrorCode(
        name: "HEADER_TOO_LARGE",
        status: .requestHeaderFieldsTooLarge
    )
    static let queueFull = APIErrorCode(name: "QUEUE_FULL", status: .tooManyRequests)
    /// Nobody sees it but the log: the client went away before its answer was ready.
    static let clientGone = APIErrorCode(name: "CLIENT_GONE", status: .init(code: 499, reasonPhrase: "Client Gone"))
    static let internalError = APIErrorCode(name: "INTERNAL_ERROR", status: .internalServerError)
    static let unavailable = APIErrorCode(name: "UNAVAILABLE", status: .serviceUnavailable)

    /// What the management API calls an invalid value.
    static let validationError = APIErrorCode(ProfileError.Code.invalidValue)

    private init(name: String, status: HTTPResponse.Status) {
        self.name = name
        self.status = status
    }

    init(_ code: ProfileError.Code) {
        name = code.rawValue
        status =
            switch code {
            case .notFound: .notFound
            case .alreadyExists, .active, .inUse, .incompatible, .activeLinkBroken: .conflict
            case .conflict: .preconditionFailed
            case .invalidFormat, .invalidID, .featureOutOfRange, .saeNotAttached: .badRequest
            case .invalidValue: .unprocessableContent
            case .busy, .directoryTaken: .serviceUnavailable
            case .inputOutput: .internalServerError
            }
    }

    init(_ fault: StorageFault) {
        (name, status) =
            switch fault {
            case .full: ("STORAGE_FULL", .init(code: 507, reasonPhrase: "Insufficient Storage"))
            case .readOnly: ("STORAGE_READ_ONLY", .serviceUnavailable)
            case .forbidden: ("STORAGE_FORBIDDEN", .serviceUnavailable)
            case .tooManyOpenFiles: ("TOO_MANY_OPEN_FILES", .serviceUnavailable)
            case .gone: ("STORAGE_GONE", .serviceUnavailable)
            }
    }

    init(_ code: InferenceError.Code) {
        self =
            switch code {
            case .promptTooLong: .contextLengthExceeded
            case .invalidRequest: .invalidValue
            case .unsuitablePlan: APIErrorCode(ProfileError.Code.incompatible)
            case .queueFull: .queueFull
            case .shutDown, .modelUnavailable: .unavailable
            case .engineFailed: .internalError
            }
    }
}
