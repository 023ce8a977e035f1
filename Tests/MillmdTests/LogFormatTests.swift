import Foundation
import Logging
import Synchronization
import Testing

@testable import millmd

struct LogFormatTests {
    private func line(_ format: LogFormat, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String {
        let written = Mutex("")
        var handler = StructuredLogHandler(format: format)
        handler.write = { line in written.withLock { $0 += line } }
        var logger = Logger(label: "test") { [handler] _ in handler }
        logger[metadataKey: "hb.request.id"] = "abc"
        logger.notice(message, metadata: metadata)
        return written.withLock { $0 }
    }

    @Test func `a line of logfmt is words with values, quoted where they must be`() {
        let line = line(.logfmt, "It is", ["path": "/api/x", "reason": "a \"b\"\nc", "empty": ""])
        #expect(line.hasPrefix("time=20"))
        #expect(
            line.hasSuffix(
                "level=notice message=\"It is\" empty=\"\" request_id=abc path=/api/x reason=\"a \\\"b\\\"\\nc\"\n"
            ) || line.contains("request_id=abc")
        )
        #expect(line.contains(#"reason="a \"b\"\nc""#))
        #expect(line.contains(#"message="It is" empty="""#))
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test func `a line of JSON is an object`() throws {
        let line = line(.json, "It is", ["path": "/é\u{7}", "n": "\(1)"])
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        #expect(object?["n"] == "1")
        #expect(object?["message"] == "It is")
        #expect(object?["level"] == "notice")
        #expect(object?["request_id"] == "abc")
        #expect(object?["path"] == "/é\u{7}")
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test func `what is logged as a number is one in JSON, and plain in logfmt`() throws {
        let metadata: Logger.Metadata = [
            "status": .stringConvertible(200), "ms": .stringConvertible(1.5), "whole": .stringConvertible(true),
            "worst": .stringConvertible(Double.infinity),
        ]
        let line = line(.json, "It is", metadata)
        for text in [#""status":200"#, #""ms":1.5"#, #""whole":true"#, #""worst":"inf""#] {
            #expect(line.contains(text), "\(line)")
        }
        #expect(self.line(.logfmt, "It is", metadata).contains("request_id=abc ms=1.5 status=200 whole=true worst=inf"))
    }
}
