export const id = 287;
export const ids = [287];
export const modules = {

/***/ 6287:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  downloadMissing: () => (/* binding */ downloadMissing)
});

// UNUSED EXPORTS: downloadReleases, officialSource, wantedVersions

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/src/process/process.js
var process_process = __webpack_require__(5653);
// EXTERNAL MODULE: ./lib/src/proof/downloadFile.js + 1 modules
var downloadFile = __webpack_require__(1024);
// EXTERNAL MODULE: ./lib/src/proof/nearestVersion.js
var nearestVersion = __webpack_require__(5842);
// EXTERNAL MODULE: ./lib/src/proof/containerd/binaries.js
var binaries = __webpack_require__(5428);
;// CONCATENATED MODULE: ./lib/src/proof/containerd/officialReleases.js
/**
 * The SHA-256 of `containerd-VERSION-linux-ARCHITECTURE.tar.gz` of every official release that may be downloaded, the newest first.
 * `scripts/containerdReleases.ts` writes it.
 *
 * From Kubespray, roles/kubespray_defaults/vars/main/checksums.yml at 46dbdd3994b32640bcd806b0097f50e8fdf1d514, and for 1.6 at
 * 4c5eda9f1e52c6c3e66a78f5d90348a3bd71e63e, the last one that had it. The same in kOps, whose lists are made apart from those:
 * all of 1.7 to 2.3 that pkg/assets/assetdata has at 268927e26409f861634e18f3632c9dd483c350cf, and of 1.6 those that
 * upup/pkg/fi/cloudup/containerd.go has in release-1.27.
 */
const officialReleases = {
    amd64: {
        '2.3.4': '9d68969855fbf676cdb8ed758e420fb048d61f984f61de3e53eddfebe484d168',
        '2.3.3': 'ebf6e710056312628eaf6fb4a1c32f0a4ae5f812568321be4029389d66fc7c7c',
        '2.3.2': '75625e6f6595bb95f3fb9c8123a60534af4a8d9b52d7617065967bcefe71a17a',
        '2.3.1': '628448bd973610c656c1cbea8e88b32fafd85b23cc1aa4a3372eb7198478c054',
        '2.3.0': '4cb83e7100a5e73fcb626207d0b5bcfd1294e26aeddfe075dcfb38f375c5f887',
        '2.2.7': '91cd216ea26a1b8b512219d3f205375c967e7b7de4dae571bc3dd16bfacd34b5',
        '2.2.6': 'f001b58b63206da25aa5accdb2eb1211aec19c28ec418b4d953b87d0c1ee7eb6',
        '2.2.5': 'd4031557773a8e969d604b4ee809c64ed3c6cd024d38d521d93984fa17d37b89',
        '2.2.4': '62e77f6294e432dca5b56ad7e7d6085b5bbb526ebba0a51d832714f9b04cfdfd',
        '2.2.3': 'ca26ef5138f17b847bbeeec36d4bf5e002b54d25858197a870c125d57f44d32f',
        '2.2.2': '2c08c99cbde73b3388c6d5da68e0bcaebc70c9174f2b14d785695e4401b3ede0',
        '2.2.1': 'f5d8e90ecb6c1c7e33ecddf8cc268a93b9e5b54e0e850320d765511d76624f41',
        '2.2.0': 'b9626a94ab93b00bcbcbf13d98deef972c6fb064690e57940632df54ad39ee71',
        '2.1.9': '0083d2a4c2e77eeb20e55b6d955822fb957ff386c0c23959c8b27f598317586c',
        '2.1.8': 'ad2ed5bca4839109ec271e3ee0285abf36bec450956c5d59a31f1a980e8d71a9',
        '2.1.7': 'a04a39607d6a54f467c93fcd0b78ee31a1f4a3b90e76938dcfe9005ccf6a5f36',
        '2.1.6': '4793dc5c1f34ebf8402990d0050f3c294aa3c794cd5a4baa403c1cf10602326d',
        '2.1.5': '403af72d9f956ed8a5ad5b0ac0f1e8e371a1488f2b9edf9b4ba13db0653936ea',
        '2.1.4': '316d510a0428276d931023f72c09fdff1a6ba81d6cc36f31805fea6a3c88f515',
        '2.1.3': '436cc160c33b37ec25b89fb5c72fc879ab2b3416df5d7af240c3e9c2f4065d3c',
        '2.1.2': '87c18b2686f38ee6f738492d04fc849f80567b7849d0710ee9d19fac3454adc4',
        '2.1.1': '918e88fd393c28c89424e6535df0546ca36c1dfa7d8a5d685dee70b449380a9b',
        '2.1.0': '0e5359e957b66b679be807563a543c7416e305e3aafcf56bad90ef87a917014d',
        '2.0.11': '249457e108b64f8c44bcf5928acc1d3300253c922414f5a8329a754303019d50',
        '2.0.10': '256aa8219fa9fa05798482d72b8cb6a5e5c795947fedbbb2dc5826f58181a7fe',
        '2.0.9': '3d2dc5e1f47888b4f8fa30fabf7f1b8ea20e1572c85e20557a3bb8bab81a54a3',
        '2.0.8': '3507e6205867331660e881cdf9bd5fea83eed67b4ba50074be1d82296fdc4de2',
        '2.0.7': '6dc663cd245d19c3e68260ca86247469563a31decac925087b62a2a819dfcbee',
        '2.0.6': 'a545471a67b8508a3c58ad01a4e6bb2921ace1e59e00a0a2d2e784c1f4fa8caa',
        '2.0.5': '88ab31f3e78e4d2fa12dcb933032122d11d441c83b79a89c6c8076f871e50df8',
        '2.0.4': 'e1c64c5fd60ecd555e750744eaef150b6f78d7f750da5c08c52825aa6b791737',
        '2.0.3': 'ac70856f1d8bd3aa9ca5d62db5516b86dfa0f934c1fd1d1c5fa4422dd12ba45e',
        '2.0.2': '9bd5b6a1bdf505d520d9a329c520258ed0a17faa9fe3db12712ee858ad59aae3',
        '2.0.1': '85061a5ce1b306292d5a64f85d5cd3aff93d0982737a1069d370dd6cb7bbfd09',
        '2.0.0': '6f8da716941f7e89315cefaa6e5a8f1ff10b323ff46611313c455df7ab1ebee1',
        '1.7.34': '640f989745020ea4897ad0a3d7d977863a7279d3f2e132792fc62c25a45bda50',
        '1.7.33': '43e48ced88d12ac48dda05c7a31719b74b64fed4729a450fb04751deae606eef',
        '1.7.32': '4db81bc7c67ec5e5e38ec43f287e1eab6962035cd1f4a904694700ca40698b03',
        '1.7.31': '85795979166ae04c6c0681664ab54d0810d472e390cf54dde0de399ff6d54bef',
        '1.7.30': 'ca0f27e34411504acd1cd24fcbaa71b9c47d31ce9408c47c54a2dc1810ceb1df',
        '1.7.29': '71d9f6e4ea4a9e108e2172b0e7f6fa137e086808db3e6874dbdb91c01102d3d4',
        '1.7.28': '7a8c262deb63becc877e82d23749e4f99f4a17e8e660f9b8c257ca87a5c056b6',
        '1.7.27': '5b038fb22ab5dbb1ce57dd3d8f102460cd8619ff2afc78870837b06e8c4e840a',
        '1.7.26': 'fdf1fb17086b62fc861103da4e3fda3d79bc543b42d2acef5d07e76b13d35d19',
        '1.7.25': '02990fa281c0a2c4b073c6d2415d264b682bd693aa7d86c5d8eb4b86d684a18c',
        '1.7.24': '1a94f15139f37633f39e24f08a4071f4533b285df3cbee6478972d26147bcaef',
        '1.7.23': '8a0de43d9313aef2ebdccc0ffa49461a4a28139a2c0ef104c3c847f6f37c8119',
        '1.7.22': 'f8b2d935d1f86003f4e0c1af3b9f0d2820bacabe6dc9f562785b74af24c5e468',
        '1.7.21': '3d1fcdfd0b141f4dc4916b7aee7f9a7773dc344baffc8954e1ca66b1adc5c120',
        '1.7.20': 'e09410787b6f392748959177a84e024424f75d7aff33ea1c5b783f2260edce67',
        '1.7.19': '97f75e60f0ad19d335b1d23385835df721cad4492740d50576997f2717dc3f94',
        '1.7.18': 'a24b05b341c155a0ec367d3d0fd1d437c09a0261dffdecc0e44e9abbf2d02aca',
        '1.7.17': '04cf937349f82d29fe98553ff45a7e9ea2ed6b81fe6514e3679cf263b50409ff',
        '1.7.16': '4f4f2c3c7d14fd59a404961a3a3341303c2fdeeba0e78808c209f606e828f99c',
        '1.7.15': 'ea27e6454954bd9cb62a70b0a40eb085ae9c96cb8c075a74910102b33586e07d',
        '1.7.14': '48e0d9747cd51cb90e0b278d100397653d9f2e765effca194427e4796395b240',
        '1.7.13': 'c2371c009dd8b7738663333d91e5ab50d204f8bcae24201f45d59060d12c3a23',
        '1.7.12': '6a24d8b996533fa1b0d7348fe9813a78cd01fa16cff865a961ad0d556f5cd665',
        '1.7.11': 'd66161d54546fad502fd50a13fcb79efff033fcd895adc9c44762680dcde4e69',
        '1.7.10': 'eacb0296bff2ae5225a18492dcb32fb28ad4a1fe0a39ea9073367c7e43dc5838',
        '1.7.9': 'ccd5b434393666f6ebbc90eea959ffd3e61958a1e3e1cc830a678f040142d4b0',
        '1.7.8': '5f1d017a5a7359514d6187d6656e88fb2a592d107e6298db7963dbddb9a111d9',
        '1.7.7': '371de359d6102c51f6ee2361d08297948d134ce7379e01cb965ceeffa4365fba',
        '1.7.6': '58408cfa025003e671b0af72183b963363d519543d0d0ba186037e9c57489ffe',
        '1.7.5': '33609ae2d5838bc5798306a1ac30d7f2c6a8cff785ca6253d2be8a8b3ccbab25',
        '1.7.4': 'fc070fabfe3539d46ae5db160d18381270928b3f912e2e800947e9fbd43f510c',
        '1.7.3': 'de7f61aacba88ee647a7dcde1ca77672ec44ab9fb3e58ae90c0efc9b2d8f3068',
        '1.7.2': '2755c70152ab40856510b4549c2dd530e15f5355eb7bf82868e813c9380e22a7',
        '1.7.1': '9504771bcb816d3b27fab37a6cf76928ee5e95a31eb41510a7d10ae726e01e85',
        '1.7.0': 'b068b05d58025dc9f2fc336674cac0e377a478930f29b48e068f97c783a423f0',
        '1.6.39': '7a2d3ed18e3735b9c0ac87b6b05fcfc6001261f81361100f2b4ca6c9f407ab9a',
        '1.6.38': '84f6098c96ff4afc6add67fe4dffc2bb206c86f4b8ceea2157124e4c328697a0',
        '1.6.37': 'fd74db561289cede7efcede1dce7da92a7da025b4ca8b2c36fc5559ab1892089',
        '1.6.36': 'e9a53f5f7549afbe9208578609eddecd238b7166663ab273f2954fab77602b3f',
        '1.6.35': '50f05b2986a8635827e3f015f10d8d1c342e9a9d6886c7392160b5c27ac77c83',
        '1.6.34': '18969d667cd6b9993d168f6d30f9ad978f0aca72cf984c1f522fc5277780885b',
        '1.6.33': 'a0c7daa50386dc3ca19cbeb83d6987d43bdd92c0bb0429d08be7f9be4f9c307a',
        '1.6.32': '7acab4dda6edb7e8e0a6cfc3abd9f323db05a3d92a8a1842de8f6c9e28af501d',
        '1.6.31': '52080601f414b7e63a5b8e0cb8c1d641c9e070447ac96da9b1aeb00480744ba5',
        '1.6.30': '1f1b65190b626883394e6f2ecbe5141afc6c45fc1ca035ef052e66bb2c479a5f',
        '1.6.28': 'b2f15c722d1cc8b74ed643068e043b92bd031fc23d53488d1e837cf4b2777391',
        '1.6.27': '8c0b04a8b39127c084d490cca905d565c94929dd15e168b0f8663076fdcf5539',
        '1.6.26': 'fa806d3e945a8ad25aa1f8123a98524768ead83af2ed1ab3d922d2dd5fe6b14c',
        '1.6.25': '878b331b5fa65df3d33c68ee355724de0044c25071486086409b374a9c62d145',
        '1.6.24': 'a56fac5ba03c3d6f74ceae14abdc9fafabcba900105e9890c0ac895cc00164ad',
        '1.6.23': 'bcf16bb63a295721a2603e9a56602c5d18e5443df04a9f2c1ca5328f41556fcc',
        '1.6.22': '5671eb4eba97f0ec98223c84401c9aeb21d0ef16ac3ece3eb8fadd46174d7eab',
        '1.6.21': '04dcc1b99368492caee758583e531392683268197e58156888a3cea2941117b6',
        '1.6.20': 'bb9a9ccd6517e2a54da748a9f60dc9aa9d79d19d4724663f2386812f083968e2',
        '1.6.19': '3262454d9b3581f4d4da0948f77dde1be51cfc42347a1548bc9ab6870b055815',
        '1.6.18': 'c4e516376a2392520a87abea94baf2045cc3a67e9e0c90c75fb6ed038170561e',
        '1.6.17': '5f0584d000769d0cf08fc0e25135614ef5bf52971a6069175c78437699f3b8d4',
        '1.6.16': '2415b431a900275c14942f87f751e1e13d513c1c2f062322b5ca5a9a2190f22a',
        '1.6.15': '191bb4f6e4afc237efc5c85b5866b6fdfed731bde12cceaa6017a9c7f8aeda02',
        '1.6.14': '7da626d46c4edcae1eefe6d48dc6521db3e594a402715afcddc6ac9e67e1bfcd',
    },
    arm64: {
        '2.3.4': 'a985fbb7e18fc0362d31a055338f5d7b0e087a3e27f14c70d1c5965399a29f95',
        '2.3.3': '9cc708f13c31588a2fbdbd13553d963356e990d50e9b95a2d6120f4ff2067910',
        '2.3.2': '6874adea935300402b7782d63bf58f1bd59a3323d76a9f22f27686001fb8997a',
        '2.3.1': '46a83603a850f3916ca7c942310daaf82ed17773a85b1d431e92d4a541e46d0d',
        '2.3.0': '06623dc8719b30d06303420f7eae91b0a9ade4e71243a4102f6375e585fb0a42',
        '2.2.7': '84eb0a161e20ad45465202fa2d6d93b3d9b74666c363e9908706d590a86e2618',
        '2.2.6': '0b05746d09e86ac1098a3ecf4bc67d146873d668819aeb8216c39fcf369e8a51',
        '2.2.5': 'ad3f7aec168ebbae8d24c412fdd2e8806d96599757f6032e38997d62a108158a',
        '2.2.4': 'd0897c8e27c96a7b7d4c73e9b278ea9f559dda619d497d88b323a528bd1412c3',
        '2.2.3': '2942d72435b18610f7b69c1ddb74f99cef5c549425ff80d3e74f04e5e80db6a4',
        '2.2.2': 'cb102473d6e353beb604178879d51cc456da0cdf368d9437d8d404ed01baf674',
        '2.2.1': 'dac15a0d412a24be8bfe6a40cec8f51829062725169f1e72ac7d120a891ef5b6',
        '2.2.0': '8805c2123d3b7c7ee2030e9f8fc07a1167d8a3f871d6a7d7ec5d1deb0b51a4a7',
        '2.1.9': '2fbc3053b09812092f6bf316a509d849960eb0cb9332ec88c2f49676d648fd67',
        '2.1.8': 'c7c3d64fafbaccb4fb0143c82402db7d6c781e776d818a60fa0df94807814149',
        '2.1.7': '5e6a05fc6990912f856fab297bee13b6ba83ff4e9b6b3bc507da33da8c1f5b5f',
        '2.1.6': '88d6e32348c36628c8500a630c6dd4b3cb8c680b1d18dc8d1d19041f67757c6e',
        '2.1.5': 'fe81122c0cc8222470fa3be51f42fa918ac29ffd956ccd2fc408c1997babd2ca',
        '2.1.4': '846d13bc2bf1c01ae2f20d13beb9b3a1e50b52c86e955b4ac7d658f5847f2b0e',
        '2.1.3': '7e423abc7bf52ff6cb724f44995cca335b40331efa727415a5efc99ca34ac8d5',
        '2.1.2': '57fa4005ed3bb648f4a2ff3ef2f9ce12b27ee1397225626e3165b9ef4af45530',
        '2.1.1': '4e3c8c0c2e61438bb393a9ea6bb94f8f56b559ec3243d7b1a2943117bca4dcb4',
        '2.1.0': 'f6c3972347848177805eed8a9c282fca6aaec0e6fd28701579e63cb20bdbce07',
        '2.0.11': 'a8261bd5cc78cc46f01bbc229320b9781f8c03dcfedcbff25dfd4f12e43e5d74',
        '2.0.10': '656180fb5666a373d2df87331752f155953a5c95a0d6de94dd5e1db4d446c389',
        '2.0.9': 'fa582638e396f6182348142d642ce65d2efd68f01751d16310446fc8f15fddb2',
        '2.0.8': 'ce4708163e0b6a8787a6480c588569d3440865bbd37f455d50a6736d6dfff78f',
        '2.0.7': 'e590e39956a451ff692454ea991961b08627c514dcc253e8845d2a57f9a78e2f',
        '2.0.6': '0f308f386b1ee24712875f02bded92ce7099a707ed43f57b3fb9c934dcb6bed1',
        '2.0.5': '36eaf77dc65df4b60d6e06204631a4105b4e942dd2704d618758a2aa0eecc264',
        '2.0.4': '0fde98b24bb55363a54150732e0ac99a43bccf2a9711371bd5470f32790316f2',
        '2.0.3': '3701008e72e983259afaa594cca5d8126e78e38cf0a586a1f6971cb3f61c4b6b',
        '2.0.2': '14a2a9f7f75f73e5bcfb8b183d0b84830c54b98ef8c5f6ed70e51f1a230c673e',
        '2.0.1': 'b07120ae227b52edfdb54131d44b13b987b39e8c1f740b0c969b7701e0fad4fa',
        '2.0.0': '2a00b1553f38aa9e716d61316b661961c2fbfbb7aad7bd73b377be5725ecc0f1',
        '1.7.34': '824cbd16af3bdfc1b1836338350630ae1b6a58c7466636a4bed10549790090ab',
        '1.7.33': '483c738a322494014a23035febd51aa090843f6a5618a1d18e80d432f72dba9c',
        '1.7.32': '631e7079dba58806e5a03158773030e4ac63c69343afe02e5419fb848485569c',
        '1.7.31': 'd375de285eaaa5a3a58c0b03d92aff6bfa7987657781bce8cd5d30335f9aa2a6',
        '1.7.30': 'a09c3b01b3b6935e839c8a9588b5528c57ebfca4747d816654a7d1e7575c0a63',
        '1.7.29': '176d523a6d6dc5520e0c35b8eb0de6e54bd4d00486d5fbbeb4163f30e2962f17',
        '1.7.28': '97457594ff8549cb82d664306593cafd3d2c781c706f9fffed885a46d8919bec',
        '1.7.27': '3f03ea60c7dacddf890be3ab18f7ef859d9d104b19627f52038d7984361912bc',
        '1.7.26': 'adea067914e678ac37d5091ead66f1e36e5cced4d395bbd2be60772495e09eff',
        '1.7.25': 'e9201d478e4c931496344b779eb6cb40ce5084ec08c8fff159a02cabb0c6b9bf',
        '1.7.24': '420406d2b34ebb422ab3755fbeede59bf3bfcfccf5cfa584b558c93769d99064',
        '1.7.23': '6a66b5e63a5e88ff7eeb478ccaca9083d44e51e1d7261ae183fe5951a6226ccd',
        '1.7.22': '48d0a8461ae829b12b07c3663b14b70287d0607a0792719c51b4e4dd700b02ce',
        '1.7.21': '7b6b67d998eb86856d23df5d57269c054539072bbb27677975cf78269b2c5c10',
        '1.7.20': 'cf80cd305f7d1c23aaf0c57bc1c1e37089cad9130d533db6fe968cdebd16c759',
        '1.7.19': '1839e6f7cd7c62d9df3ef3deac3f404cdd5cd47bbdf8acfeb0b0f3776eb20002',
        '1.7.18': 'e80ce87b469af03b3bdcf68b95f0f4a303787ae247581bcd42f04acf1ad4c24d',
        '1.7.17': '8d9749985796a208e860afe331ec77cb485566104e5cc7c0b5e9e82ec7681969',
        '1.7.16': '2d4373de40a6f58cd0f29377c0257b35697a987248e6268520586996771d7a75',
        '1.7.15': '5cc8bd8f3d9803ef0ef701596e89d62ad6850a2544e722842f4533642df36d87',
        '1.7.14': '44df66d0a0332465e7d15e90b974cd4f08d059dfa26652218ed9485390f47f9e',
        '1.7.13': '118759e398f35337109592b4d237538872dc12a207d38832b9d04515d0acbc4d',
        '1.7.12': '8a1b35a521d071a8828f63fe007a51e5b7ac863a1195f5dee32543b1a9d5f2b6',
        '1.7.11': '5eae27cce38a14be5390d4035127aa11416bc5ae592a9ff25b11870872ce1159',
        '1.7.10': '0667b12a04a896a61cf508a4a77190c280f4a1fa35f38c8a4ba63f605b5ec375',
        '1.7.9': '09ca326dee14e00c439137071747c15cc280480e2c26c1e82698c992dd1889c6',
        '1.7.8': '3fc551e8f51150804d80cc1958a271bd2252b6334f0355244d0faa5da7fa55d1',
        '1.7.7': '0a104f487193665d2681fcb5ed83f2baa5f97849fe2661188da835c9d4eaf9e3',
        '1.7.6': 'd844a1c8b993e7e9647f73b9814567004dce1287c0529ce55c50519490eafcce',
        '1.7.5': '98fc6990820d52d45b56ea2cda808157d4e61bb30ded96887634644c03025fa9',
        '1.7.4': 'ea5a04379bd4252fc1e0b7b37f69cd516350c5269054483535d6eab7a0c79d2e',
        '1.7.3': '85d2eaedabff57ac1d7cd3884bf232155c4c46491f6b071982e4f7b684b74445',
        '1.7.2': 'd75a4ca53d9addd0b2c50172d168b12957e18b2d8b802db2658f2767f15889a6',
        '1.7.1': '1f828dc063e3c24b0840b284c5635b5a11b1197d564c97f9e873b220bab2b41b',
        '1.7.0': 'e7e5be2d9c92e076f1e2e15c9f0a6e0609ddb75f7616999b843cba92d01e4da2',
        '1.6.39': '84b470e4381f3a816a5f93b75f23cc1a14ef4550a426f27ebea1e46d963c2ed1',
        '1.6.38': '8a685abe7e5352baab1511933431195964e893e19b4a229af48c7a32ee50ab58',
        '1.6.37': 'c3da773c40a2e509c13a55fbd25a165c5dfaed7c9b67a71bb4033c3d8d2d0b6a',
        '1.6.36': '48aaf746ad4adc6e5c3b077875ddbd15a8f5b660a5f7dcb533f0205aeeff3785',
        '1.6.35': '0e0066aeffbd4360bfcf16bd08b6a9e40da7f437aa7b292991ce8d08083bee40',
        '1.6.34': '9e898686ff003cec2d80c30cf5ad342c1ac88373568dae792f93cd088e66d038',
        '1.6.33': '432cf17fbc01ba4fc59b949210baa96865185b8eb3b3292eb7a00e2f6bde9fe9',
        '1.6.32': 'a9cb16bafbf1eb8cea11b4803d76f78cf7bef311b951dd1ae49c238bb41ec649',
        '1.6.31': '91a74cc602c7724668537f754006692114af70cfb6ef840b288f922fa68f7ed7',
        '1.6.30': '0bbf1eed508d6ebc240b900648c76f12a07c0c6125aa8c22d46c9ce24252f9e3',
        '1.6.28': '96a231f875ddf9cc7682b881d408ae993f2bd5d0a40402a74ec4fda672047427',
        '1.6.27': '433b0e8113adfd726374e04fc2f61dafad65c53db5665569f2715a7a916a1813',
        '1.6.26': '177bed65b6425255bacbe48d99ea7aa5209d381576962c0962dc8615ef16c5c5',
        '1.6.25': '4948677cfc5f98a1d5d46cec90d6d6f84f6b27cd6d28fd87f7f5936d61580ceb',
        '1.6.24': '1d741e9e2d907f02a8b2a46034a28ff9aacdba88c485cef2f4bad18be9ea23ba',
        '1.6.23': 'ea7afb82dc5789307e684ef9b4a55ce1ee9a05dc02c2118df640b01207208c45',
        '1.6.22': '7882d6e7f4e97dcba041c37592c4cb9e7a5b4d972380c74d959e388b12d57d01',
        '1.6.21': 'd713d8fbec491705ffe8c33ecc9051a904f6eedc92574928e1d33616f291c583',
        '1.6.20': 'c3e6a054b18b20fce06c7c3ed53f0989bb4b255c849bede446ebca955f07a9ce',
        '1.6.19': '25a0dd6cce4e1058824d6dc277fc01dc45da92539ccb39bb6c8a481c24d2476e',
        '1.6.18': '56b83a0bc955edc5ebaa3bd0f788e654b63395be00fcb1bd03ff4bdfe4b5e1e7',
        '1.6.17': '7e110faa738bff2f5f0ffd54c4ec2c17c05fd2af6de4877c839794ca3dadd61c',
        '1.6.16': 'c2bf51fde02ec9cf8b9c18721bc4f53bd1f19fb2bb3251f41ece61af7347e082',
        '1.6.15': 'd63e4d27c51e33cd10f8b5621c559f09ece8a65fec66d80551b36cac9e61a07d',
        '1.6.14': '3ccb61218e60cbba0e1bbe1e5e2bf809ac1ead8eafbbff36c3195d3edd0e4809',
    },
};

// EXTERNAL MODULE: ./lib/src/proof/containerd/programCache.js
var programCache = __webpack_require__(1243);
;// CONCATENATED MODULE: ./lib/src/proof/containerd/download.js








/** The releases of the containerd project; undefined where it has none for this machine. */
function officialSource() {
    const architecture = process.platform === 'linux' ? architectures.get(process.arch) : undefined;
    return (architecture && {
        url: 'https://github.com/containerd/containerd/releases/download',
        architecture,
        checksums: officialReleases[architecture],
        maxBytes: 200_000_000,
        time: 180_000,
        tries: 3,
        pause: 1000,
        maxReleases: 8,
    });
}
const architectures = new Map([
    ['x64', 'amd64'],
    ['arm64', 'arm64'],
]);
/** The versions of containerd that the nodes of a plan have, those on which nothing is to be tried apart. */
function wantedVersions({ nodes }) {
    return [...new Set(nodes.flatMap(({ setting, version }) => (setting.ok ? [version] : [])))];
}
/**
 * Downloads what the nodes of a plan lack, to where {@link findBinaries} then finds it.
 *
 * @param named - containerd programs that the user named.
 * @returns what is not there, one sentence each.
 */
async function downloadMissing(plan, named, environment) {
    const source = officialSource();
    if (!source) {
        const machine = `${process.platform} ${process.arch}`;
        return [`containerd was not downloaded: no releases are known for this machine (${machine})`];
    }
    const sources = (0,binaries/* binarySources */.ax)(named, environment);
    const [cache] = sources.caches;
    const { problems } = await downloadReleases(wantedVersions(plan), await (0,binaries/* findBinaries */.lP)(sources), cache, source);
    return problems;
}
/**
 * Downloads, for each wanted version, the nearest official release that is nearer than what is at hand, checks it and puts it into
 * the cache. Never rejects because of the network or the cache: whoever looks for a containerd then takes the nearest that is there.
 *
 * @param wanted - As `1.6.20` or `2.3`.
 * @param atHand - What need not be downloaded.
 */
async function downloadReleases(wanted, atHand, cache, source) {
    const releases = chooseReleases(wanted, atHand, source);
    const tooMany = releases.slice(source.maxReleases);
    await removeRemains(cache.folder);
    const results = await Promise.all(releases.slice(0, source.maxReleases).map((version) => tryInstall(version, cache, source)));
    return {
        installed: results.flatMap((result) => (typeof result === 'string' ? [] : [result])),
        problems: [
            ...results.filter((result) => typeof result === 'string'),
            ...tooMany.map((version) => problem(version, `one run downloads ${source.maxReleases} releases at most`)),
        ],
    };
}
function chooseReleases(wanted, atHand, { checksums }) {
    const here = atHand.map(({ version }) => ({ version, isRelease: false }));
    const releases = Object.keys(checksums).map((version) => ({ version, isRelease: true }));
    const chosen = wanted.flatMap((version) => {
        if ((0,nearestVersion/* chooseNearest */.C)(version, here)?.nearness === 'same')
            return [];
        const nearest = (0,nearestVersion/* chooseNearest */.C)(version, [...here, ...releases]);
        // Another major version reads other files, so that it would prove next to nothing.
        return nearest?.isRelease === true && nearest.nearness !== 'other' ? [nearest.version] : [];
    });
    return [...new Set(chosen)];
}
function problem(version, reason) {
    return `containerd ${version} was not downloaded: ${reason}`;
}
/** The program, or why there is none, in one sentence. */
async function tryInstall(version, cache, source) {
    try {
        return { version, path: (0,programCache/* cachedProgram */.Vq)(cache, version) ?? (await install(version, cache, source)) };
    }
    catch (error) {
        if (error instanceof downloadFile/* DownloadError */.n || error instanceof process_process/* CommandError */.Qd)
            return problem(version, error.message);
        if (error instanceof Error && 'syscall' in error)
            return problem(version, error.message);
        throw error;
    }
}
const unfinished = '.download-';
/** In milliseconds; no download takes as long. */
const remainsAge = 3_600_000;
/** What a run that was killed has left. */
async function removeRemains(folder) {
    const names = await (0,promises_.readdir)(folder).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(unfinished))) {
        const path = (0,external_node_path_.join)(folder, name);
        const { mtimeMs } = await (0,promises_.stat)(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
        if (Date.now() - mtimeMs > remainsAge)
            await (0,promises_.rm)(path, { recursive: true, force: true }).catch(() => undefined);
    }
}
async function install(version, cache, source) {
    await (0,promises_.mkdir)(cache.folder, { recursive: true });
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(cache.folder, unfinished));
    try {
        const archive = (0,external_node_path_.join)(folder, 'archive.tar.gz');
        await fetchArchive(version, archive, source);
        const programs = (0,external_node_path_.join)(folder, 'programs');
        await unpack(archive, programs);
        await checkProgram((0,external_node_path_.join)(programs, 'containerd'), version);
        return await place(programs, version, cache);
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
}
/** All at once: nobody ever sees a half of it, and of two runs the first one wins. */
async function place(programs, version, cache) {
    const folder = (0,programCache/* folderOf */.yS)(cache, version);
    await (0,promises_.mkdir)((0,external_node_path_.join)(folder, '..'), { recursive: true });
    const file = (0,external_node_path_.join)(folder, 'containerd');
    await (0,promises_.rename)(programs, folder).catch(async (error) => {
        const isThere = await (0,promises_.stat)(file).then((found) => found.isFile(), () => false);
        if (!isThere)
            throw error;
    });
    const marker = (0,programCache/* markerOf */.we)(cache, version);
    if (marker !== undefined)
        await (0,promises_.writeFile)(marker, '');
    return file;
}
/** A pull needs containerd alone: neither runc nor a shim, as nothing is run. */
async function unpack(archive, folder) {
    await (0,promises_.mkdir)(folder);
    const args = ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner', 'bin/containerd'];
    const { status, stderr } = await (0,process_process/* run */.eF)({ file: 'tar', args });
    if (status !== 0)
        throw new downloadFile/* DownloadError */.n(`tar cannot unpack it: ${firstLine(stderr)}`, true);
    await (0,promises_.chmod)((0,external_node_path_.join)(folder, 'containerd'), 0o755);
}
async function checkProgram(file, version) {
    const found = await (0,binaries/* versionOf */.E4)(file);
    if (found === version)
        return;
    const reason = found === undefined ? 'the program in it does not run on this machine' : `it is ${found}`;
    throw new downloadFile/* DownloadError */.n(reason, true);
}
function firstLine(text) {
    return text.split('\n').find((line) => line.trim() !== '') ?? 'it says no reason';
}
async function fetchArchive(version, file, source) {
    const url = `${source.url}/v${version}/containerd-${version}-linux-${source.architecture}.tar.gz`;
    await (0,downloadFile/* downloadFile */.P)(url, file, source.checksums[version] ?? '', source);
}


/***/ })

};
