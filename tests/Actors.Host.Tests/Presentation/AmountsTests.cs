using Actors.Cli.Presentation;
using Actors.Sdk;

namespace Actors.Host.Tests.Presentation;

internal sealed class AmountsTests
{
    [TestCase(0, "0")]
    [TestCase(1, "1K")]
    [TestCase(1023, "1023K")]
    [TestCase(1024, "1.00M")]
    [TestCase(512 * 1024, "512M")]
    [TestCase(1_047_000, "1022M")]
    [TestCase(1_048_100, "1.00G")]
    [TestCase(1024 * 1024, "1.00G")]
    [TestCase(1_310_720, "1.25G")]
    [TestCase(10_481_000, "10.0G")]
    [TestCase(12 * 1024 * 1024, "12.0G")]
    [TestCase(128L * 1024 * 1024, "128G")]
    [TestCase(1536L * 1024 * 1024, "1.50T")]
    public void A_short_amount_has_three_significant_digits_and_at_most_five_characters(long kib, string expected) =>
        Assert.That(Amounts.Text(new Kib(kib)), Is.EqualTo(expected).And.Length.LessThanOrEqualTo(5));

    [TestCase("B", "2098176")]
    [TestCase("KiB", "2049")]
    [TestCase("MiB", "2")]
    [TestCase("GiB", "0")]
    public void A_unit_gives_whole_numbers(string unit, string expected) =>
        Assert.That(Amounts.Text(new Kib(2049), Amounts.Names[unit]), Is.EqualTo(expected));

    [Test]
    public void Every_amount_fits_into_five_characters()
    {
        var random = new Random(1);
        for (var round = 0; round < 100_000; round++)
        {
            var kib = (long)Math.Pow(2, random.NextDouble() * 46);
            Assert.That(Amounts.Text(new Kib(kib)).Length, Is.LessThanOrEqualTo(5), $"{kib} KiB");
        }
    }
}
