using Actors.Sim.Recordings;

namespace Actors.Sim.Tests.Traces;

internal sealed class CsvTextTests
{
    [Test]
    public void Any_values_are_read_as_they_were_written()
    {
        const string Letters = "a,\"; #é\t";
        var random = new Random(1);
        for (var run = 0; run < 2000; run++)
        {
            var values = Enumerable.Range(0, 1 + random.Next(5))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Letters[random.Next(Letters.Length)])).Trim()).ToList();
            var line = string.Join(',', values.Select(CsvText.Field));

            Assert.That(CsvText.Fields(line)?.Select(field => field.Value), Is.EqualTo(values), line);
        }
    }

    [TestCase("a,\"b\"\"c\",,d", "a@1|b\"c@3|@10|d@11")]
    [TestCase("", "@1")]
    [TestCase("a, b ,", "a@1|b@3|@7")]
    public void Values_have_columns(string line, string fields) =>
        Assert.That(string.Join('|', CsvText.Fields(line)!.Select(field => $"{field.Value}@{field.Column}")), Is.EqualTo(fields));

    [TestCase("a,\"b")]
    [TestCase("\"a\"b,c")]
    public void A_quote_that_does_not_end_a_value_is_an_error(string line) => Assert.That(CsvText.Fields(line), Is.Null);
}
