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
            (.invalidFormat, "INVALID_PROFILE_FORMAT", 400),
            (.invalidValue, "VALIDATION_ERROR", 422),
            (.invalidID, "INVALID_PROFILE_ID", 400),
            (.saeNotAttached, "SAE_NOT_ATTACHED", 400),
            (.featureOutOfRange, "INVALID_FEATURE_INDEX", 400),
            (.activeLinkBroken, "ACTIVE_LINK_BROKEN", 409),
            (.busy, "DIRECTORY_BUSY", 503),
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
            (ENOSPC, "no space is left on the device. Free some space and try again; nothing was changed."),
            (EROFS, "the file system is read-only. Change it where it comes from, or mount it writable."),
            (EACCES, "permission denied. Check the owner and the permissions of the file and of its directory."),
        ]
    )
    func `what the system refuses is told without a word on where`(code: Int32, reason: String) {
        let cause = SystemError("write", code)
        let error = APIError(ProfileError(.inputOutput, "'/srv/profiles/a.yaml' cannot be written.", cause: cause))
        #expect(error.message == "The server cannot use its profiles directory: " + reason)
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
