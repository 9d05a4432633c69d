// Holds PDF files against PDF/A-2a and PDF/UA-1 with veraPDF, the validator of the PDF Association.
// The jar that carries it has no command for it, and reads its rules with parts that were left out:
// here the rules are read with what Java has. One line on stdout per file and standard, `file TAB
// standard TAB checks`, and one per broken rule, `file TAB standard TAB rule TAB message TAB place`.

import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class VeraPdf {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (PDFAFlavour standard : List.of(PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1)) {
            ValidationProfile rules = profile(standard);
            for (String file : files) {
                check(new File(file), standard, rules);
            }
        }
    }

    static void check(File file, PDFAFlavour standard, ValidationProfile rules) throws Exception {
        try (VeraPDFFoundry foundry = Foundries.defaultInstance();
                PDFAParser parser = foundry.createParser(file, standard)) {
            ValidationResult found = foundry.createValidator(rules, false).validate(parser);
            String where = file + "\t" + standard + "\t";
            System.out.println(where + found.getTotalAssertions());
            for (TestAssertion broken : found.getTestAssertions()) {
                RuleId rule = broken.getRuleId();
                System.out.println(where + rule.getClause() + "-" + rule.getTestNumber() + "\t"
                        + broken.getMessage().replaceAll("\\s+", " ") + "\t" + broken.getLocation().getContext());
            }
        }
    }

    static ValidationProfile profile(PDFAFlavour standard) throws Exception {
        String name = standard == PDFAFlavour.PDFUA_1 ? "PDFUA-1" : "PDFA-2A";
        String path = "/org/verapdf/pdfa/validation/" + name + ".xml";
        try (InputStream text = VeraPdf.class.getResourceAsStream(path)) {
            Element root = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                    .parse(text).getDocumentElement();
            Set<Rule> rules = new HashSet<>();
            for (Element rule : all(root, "rule")) {
                rules.add(rule(rule));
            }
            Set<Variable> variables = new HashSet<>();
            for (Element one : all(root, "variable")) {
                variables.add(Profiles.variableFromValues(one.getAttribute("name"),
                        one.getAttribute("object"), text(one, "defaultValue"), text(one, "value")));
            }
            return Profiles.profileFromValues(standard,
                    Profiles.profileDetailsFromValues(name, name, "veraPDF", new Date(0)), "",
                    rules, variables);
        }
    }

    static Rule rule(Element rule) {
        Element id = all(rule, "id").get(0);
        RuleId known = Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber")));
        Boolean isDeferred = rule.hasAttribute("deferred")
                ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
        return Profiles.ruleFromValues(known, rule.getAttribute("object"), isDeferred,
                rule.getAttribute("tags"), text(rule, "description"), text(rule, "test"),
                Profiles.errorFromValues(text(rule, "message"), new ArrayList<>()),
                new ArrayList<>());
    }

    static List<Element> all(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        List<Element> all = new ArrayList<>();
        for (int place = 0; place < found.getLength(); place++) {
            all.add((Element) found.item(place));
        }
        return all;
    }

    static String text(Element parent, String tag) {
        return all(parent, tag).stream().findFirst().map(Element::getTextContent).orElse("");
    }
}
