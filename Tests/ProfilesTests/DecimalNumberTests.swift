import ProfileProperties
import Testing

@testable import Profiles

@Suite struct DecimalNumberTests {
    @Test(arguments: [
        ("45", 45), ("45.0", 45), ("-12.5", -12.5), ("+3", 3), (".5", 0.5), ("5.", 5), ("-.5", -0.5), ("1e3", 1000),
        ("1E-3", 0.001), ("1.5e+2", 150), ("0.1", 0.1), ("123456789.123456", 123_456_789.123456), ("007", 7), ("0", 0),
        ("0.1234567890123456789", 0.1234567890123456789), ("12345678901234567168", 12_345_678_901_234_567_168),
        ("0.000000000000001", 1e-15),
    ])
    func `a decimal number is read to the nearest double`(text: String, value: Double) {
        #expect(DecimalNumber.double(text) == value)
    }

    @Test func `thousands of decimal numbers are read as the standard library reads them`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let digits = String(generator.next() >> UInt64.random(in: 0...63, using: &generator))
            let point = Int.random(in: 0...digits.utf8.count, using: &generator)
            let exponent = Bool.random(using: &generator) ? "" : "e\(Int.random(in: -340...310, using: &generator))"
            let sign = ["", "-", "+"][Int.random(in: 0...2, using: &generator)]
            let text = sign + digits.prefix(point) + "." + digits.dropFirst(point) + exponent
            #expect(DecimalNumber.double(text) == Double(text), "\(text)")
        }
    }

    @Test(arguments: [
        "", "-", "+", ".", "e3", "1e", "1e+", ".nan", ".inf", "0x0F", "0o17", "1_000", "1,5", " 1", "1 ", "yes", "--1",
        "1.2.3", "nan", "inf", "infinity", "0x1p3", "１",
    ])
    func `what is no decimal number is nothing`(text: String) {
        #expect(DecimalNumber.double(text) == nil)
    }

    @Test(arguments: [("0", 0), ("5", 5), ("3071", 3071), ("999999999", 999_999_999)])
    func `a natural number is read`(text: String, value: Int) {
        #expect(DecimalNumber.natural(text) == value)
    }

    @Test(arguments: ["", "-1", "+1", "01", "00", "1.0", "1_0", " 7 ", "1e3", "0x0F", "1000000000", "٣"])
    func `what is no natural number is nothing`(text: String) {
        #expect(DecimalNumber.natural(text) == nil)
    }
}
