import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** Says of each PDF, through veraPDF's library, which rules of PDF/A-2b it breaks; nothing if none. */
class PdfA {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var house = Foundries.defaultInstance();
        for (String file : files) {
            try (var parser = house.createParser(new FileInputStream(file), PDFAFlavour.PDFA_2_B);
                    var validator = house.createValidator(PDFAFlavour.PDFA_2_B, 10, false, false, false)) {
                for (var broken : validator.validate(parser).getTestAssertions()) {
                    System.out.println(file + ": " + broken.getRuleId().getClause() + " " + broken.getMessage());
                }
            }
        }
    }
}
