import Profiles
import Testing

struct TimestampTests {
    @Test(arguments: ["0001-01-01T00:00:00.000001Z", "1970-01-01T00:00:00.000000Z", "2026-02-28T23:59:59.999999Z"])
    func `a time is read as it is written`(text: String) {
        #expect(Timestamp(text)?.description == text)
    }

    @Test(
        arguments: [
            "", "2026-02-28", "2026-02-31T00:00:00.000000Z", "2026-02-28T23:59:59.9999999Z",
            "2000000000-01-01T00:00:00.000000Z", "9223372036854775807-01-01T00:00:00.000000Z",
            "2026-01-01T00:00:00.9223372036854775807Z",
        ]
    )
    func `what is no time, or lies beyond what can be kept, is none`(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
