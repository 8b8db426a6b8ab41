"""Names from which invented people, villages and groups are made: given names and surnames common in each region.

Common names of the regions (general knowledge); which of them meet in one person is chance. Villages are made
of syllables and marked invented, phones lie in an unallotted series (61…), accounts at a bank that does not exist.
"""

KASHMIR, JAMMU, LADAKH = "kashmir", "jammu", "ladakh"

WOMEN = {
    KASHMIR: (
        "Haleema Fatima Zoona Raja Sara Saleema Shaheena Shameema Rubeena Naseema Mehbooba Hajra Zareefa Mugli "
        "Parveena Nusrat Asiya Ruqaya Zainab Khadija Misra Taja Jana Hafiza Shahzada Dilshada Posha Zubeda Ateeqa "
        "Rehana Gulshan Mahmooda Sakeena Fareeda Rafiqa Aisha Shugufta Rukhsana Tasleema Bilqees Yasmeena Kulsuma "
        "Masrat Shaista Nazima Afroza Rifat Ulfat Rozy Mubeena Jameela Khalida"
    ).split(),
    JAMMU: (
        "Sunita Kamla Anita Reena Sushma Neelam Santosh Shakuntala Darshana Rekha Veena Usha Asha Bimla Kanta Pushpa "
        "Raj Kiran Poonam Seema Rani Suman Kaushalya Tripta Nirmala Savitri Krishna Vidya Rama Jyoti Pooja Mamta "
        "Zulekha Gulzar Naseem Shamim Parveen Rashida Zarina Balbir Gurmeet Harbans Manjeet Paramjeet Surjeet Taro "
        "Bholi Sudesh Kusum Lajwanti Shanti Meena"
    ).split(),
    LADAKH: (
        "Tsering Stanzin Dolma Padma Rigzin Sonam Yangchen Deskit Diskit Kunzes Lhamo Chorol Spalzes Jigmet Angmo "
        "Tashi Skarma Zangmo Dechen Kunzang Nilza Fatima Zahra Hakima Sakina Zainab Kaneez Amina Masuma Rahima Kulsum "
        "Sharifa Khadija Batool Marzia Hajira"
    ).split(),
}
SECOND = {
    KASHMIR: "Begum Bano Akhter Jan Banoo Begum Bano Akhter".split(),
    JAMMU: "Devi Kumari Devi Rani Devi Begum Kaur Bibi".split(),
    LADAKH: "Dolma Angmo Lhamo Chorol Bano Zahra Khatoon Zangmo".split(),
}
MEN = {
    KASHMIR: (
        "Ghulam Mohammad Abdul Bashir Nazir Mushtaq Fayaz Tariq Riyaz Farooq Showkat Javaid Manzoor Altaf Ali Ghulam "
        "Habib Gulzar Imtiyaz Shabir Zahoor Ashraf Ramzan Sonaullah Wali Khaliq Rashid Hilal Nisar Mehraj"
    ).split(),
    JAMMU: (
        "Ram Krishan Mohan Sham Bansi Romesh Ashok Rakesh Suresh Kuldeep Balwant Girdhari Tilak Som Om Des Chaman "
        "Darshan Jagdish Subash Rattan Munshi Lal Bashir Khadam Noor Kartar Gurdev Swaran Joginder"
    ).split(),
    LADAKH: (
        "Tsering Stanzin Sonam Rigzin Tashi Phuntsog Nawang Lobzang Jigmet Dorjey Namgyal Angchuk Mohammad Ghulam "
        "Haji Ali Hussain Abbas Zakir Ibrahim Issa Raza Hassan Mehdi"
    ).split(),
}
SURNAMES = {
    KASHMIR: (
        "Bhat Dar Lone Mir Wani Ganie Rather Sheikh Malik Khan Parray Najar Hajam Kumar Teli Ahanger Shah Naik Reshi "
        "Khanday Itoo Padder Chopan Gojar Magray Tantray Sofi Zargar Dhobi Wagay"
    ).split(),
    JAMMU: (
        "Sharma Singh Kumar Lal Chand Ram Dutt Khajuria Gupta Manhas Jamwal Sambyal Bhagat Verma Chib Katoch Choudhary "
        "Khan Bakarwal Kohli Poswal Rajput Slathia Bali Mahajan Raina"
    ).split(),
    LADAKH: (
        "Namgyal Dorjey Angchuk Norboo Tundup Gyalson Wangchuk Phuntsog Stobdan Gurmet Ali Hussain Raza Mehdi Abbas "
        "Rigzin Motup Chospel Largyal Spalbar"
    ).split(),
}
# How one clerk and another write the same name: what the search and the duplicate finder must forgive.
SPELLINGS = {
    "Haleema": "Halima", "Saleema": "Salima", "Shaheena": "Shahina", "Shameema": "Shamima", "Rubeena": "Rubina",
    "Naseema": "Nasima", "Zareefa": "Zarifa", "Parveena": "Parvina", "Zubeda": "Zubaida", "Ateeqa": "Atiqa",
    "Sakeena": "Sakina", "Fareeda": "Farida", "Tasleema": "Taslima", "Bilqees": "Bilkis", "Yasmeena": "Yasmina",
    "Mubeena": "Mubina", "Jameela": "Jamila", "Ghulam": "Gulam", "Mohammad": "Mohd", "Begum": "Begam", "Bano": "Banoo",
    "Akhter": "Akhtar", "Jan": "Jana", "Bhat": "Butt", "Sunita": "Suneeta", "Kaushalya": "Koshalya", "Reena": "Rina",
    "Neelam": "Nilam", "Tsering": "Chering", "Diskit": "Deskit", "Fatima": "Fatimah", "Parveen": "Perveen",
    "Sheikh": "Shaikh", "Choudhary": "Chowdhary", "Ganie": "Ganai", "Rather": "Rathar", "Kumari": "Kumaree",
}  # fmt: skip
VILLAGE_HEADS = {
    KASHMIR: "Wat Nun Zai Hai Kul Dan Brar Chew Gan Lar Shal Tral Zew Khan Mat Ash Dod Kar Pan Ran".split(),
    JAMMU: "Dhar Ban Sun Ram Kot Gura Sal Chan Bhad Mand Tik Jag Nag Pal Lakh Dud Kri Man Suk Bal".split(),
    LADAKH: "Chu Ska Tin Lin Hem Sak Tur Kar Pan Shar Nyo Tang Sum Dra Kha Bod Zan Rum Phy Wak".split(),
}
VILLAGE_TAILS = {
    KASHMIR: "pora gam gund bagh nag wari bal gul poora hama".split(),
    JAMMU: "pur kote wal yal nagar garh sar oti ora hal".split(),
    LADAKH: "mo tse yul chan gar bung tok ling rtse shing".split(),
}
GROUPS = (
    "Noor Gulab Chinar Shabnam Roshni Umeed Sahara Ujala Himmat Zaffran Narcissus Kamal Sangam Pragati Shakti Jyoti "
    "Ekta Asha Laxmi Saraswati Durga Bharat Vishwas Sadhana Khushhali Tameer Shaheen Wular Jhelum Chenab Tawi Sindh "
    "Lalla Habba Arnimal Sheen Bahar Aftab Mahtab Sitara Nargis Yambarzal Posh Gulshan Barkat Sabar Shukr Hunar "
    "Kesar Rangoli Deodar Buransh Himalaya Sapphire Indus Zanskar Spituk Metok Nyima Dawa Karma Tara"
).split()
# What is spoken with a woman when her consent is asked.
SPOKEN = {KASHMIR: "ks ks ks ur gju".split(), JAMMU: "doi doi hi pa phr gju".split(), LADAKH: "lbj lbj bft ur".split()}
LIVELIHOODS = (
    "dairy poultry sheep apple walnut saffron paddy vegetables mushroom tailoring crewel sozni shawl shop bakery "
    "beekeeping trout pickles kangri willow lavender homestay apricot pashmina"
).split()
