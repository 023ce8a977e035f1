import FileWatching
import Glibc
import HTTPTypes
import Profiles
import Steering
import Testing

@testable import HTTPAPI

struct ErrorCodeTests {
    @Test(
        arguments: [
            (ProfileError.Code.notFound, "PROFILE_NOT_FOUND", 404),
            (.alreadyExists, "PROFILE_ALREADY_EXISTS", 409),
            (.active, "PROFILE_ACTIVE", 409),
            (.incompatible, "PROFILE_INCOMPATIBLE", 409),
            (.conflict, "PROFILE_CONFLICT", 412),
            (.inUse, "PROFILE_IN_USE", 409),
            (.invalidFormat, "INVALID_PROFILE_FORMAT", 400),
            (.invalidValue, "VALIDATION_ERROR", 422),
            (.invalidID, "INVALID_PROFILE_ID", 400),
            (.saeNotAttached, "SAE_NOT_ATTACHED", 400),
            (.featureOutOfRange, "INVALID_FEATURE_INDEX", 400),
            (.activeLinkBroken, "ACTIVE_LINK_BROKEN", 409),
            (.busy, "DIRECTORY_BUSY", 503),
            (.directoryTaken, "DIRECTORY_TAKEN", 503),
            (.inputOutput, "IO_ERROR", 500),
        ]
    )
    func `each profile error has its code and status`(code: ProfileError.Code, name: String, status: Int) {
        let error = APIError(ProfileError(code, "No."))
        #expect(error.code.name == name)
        #expect(error.code.status.code == status)
    }

    @Test(
        arguments: [
            (ENOSPC, 507, "STORAGE_FULL", "Free some space"), (EDQUOT, 507, "STORAGE_FULL", "quota"),
            (EROFS, 503, "STORAGE_READ_ONLY", "Mount it writable"),
            (EACCES, 503, "STORAGE_FORBIDDEN", "permissions"), (EPERM, 503, "STORAGE_FORBIDDEN", "owner"),
            (EMFILE, 503, "TOO_MANY_OPEN_FILES", "Try again"), (ENFILE, 503, "TOO_MANY_OPEN_FILES", "raise its limit"),
            (ENOENT, 503, "STORAGE_GONE", "Bring it back"), (ENOTDIR, 503, "STORAGE_GONE", "not there"),
            (EIO, 500, "IO_ERROR", "its log says why"), (ENOTTY, 500, "IO_ERROR", "its log says why"),
        ]
    )
    func `what the system refuses has its own code and advice, and not a word on where`(
        refusal: Int32,
        status: Int,
        code: String,
        advice: String
    ) {
        let cause = SystemError("write", refusal)
        let error = APIError(ProfileError(.inputOutput, "'/srv/profiles/a.yaml' cannot be written.", cause: cause))
        #expect(error.code.status.code == status)
        #expect(error.code.name == code)
        #expect(error.message.contains(advice))
        #expect(!error.message.contains("/srv"))
        #expect(error.headers[.retryAfter] == (code == "TOO_MANY_OPEN_FILES" ? "1" : nil))
    }

    @Test func `an unknown error is internal, and its words are for the log alone`() throws {
        struct Surprise: Error, CustomStringConvertible {
            let description = "errno 13 at /srv/profiles"
        }
        let error = APIError(Surprise())
        #expect(error.code == .internalError)
        #expect(error.code.name == "INTERNAL_ERROR")
        #expect(error.code.status == .internalServerError)
        #expect(!error.message.contains("/srv"))
        #expect(error.cause is Surprise)
    }
}
