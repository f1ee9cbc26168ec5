"""The column headers as people type them, sheet by sheet: (header, field); field "" is a column nobody declared."""

from __future__ import annotations

Columns = tuple[tuple[str, str], ...]


def headers(text: str) -> Columns:
    """``姓名=name 年龄= …`` → columns. ``⏎`` stands for a line break in the cell, ``␣`` for a space."""
    pairs = (part.split("=") for part in text.split())
    return tuple((h.replace("⏎", "\n").replace("␣", " "), f) for h, f in pairs)


# 客户咨询记录本: the form's own headers, aliases, another order, spread-out and broken headers
CONSULT_FORM = headers(
    "咨询日期=consult_date 咨询时间=consult_time 咨询渠道=contact_way 客户姓名=name 称呼/职务=title 联系电话=phone 微信号=wechat "
    "QQ号=qq 单位/店名=company 省=province 市=city 县/区=county 乡镇=township 详细地址=address 意向品牌=brand 意向产品=product "
    "咨询内容=content 意向初判=intent 是否紧急=urgent 当场答复=answer 已移交日期=handed_date 登记客服=clerk 备注=note"
)
CONSULT_ALIAS = headers(
    "日期=consult_date 时间=consult_time 渠道=contact_way 姓名=name 年龄= 电话=phone 微信=wechat QQ=qq 公司名称=company 省份=province "
    "城市=city 区县=county 乡镇=township 地址=address 品牌=brand 咨询情况=content 意向=intent 紧急=urgent 答复=answer 登记人=clerk 备注=note"
)
CONSULT_ORDER = headers(
    "登记客服=clerk 咨询日期=consult_date 姓␣␣名=name 联系电话*=phone QQ号码=qq 微信号=wechat 店名=company 咨询内容=content "
    "是否紧急=urgent 意向初判=intent 咨询渠道=contact_way 意向品牌=brand 省=province 市=city 县/区=county 乡镇=township "
    "详细地址=address 来电次数= 备注=note"
)
CONSULT_SHORT = headers(
    "咨询⏎日期=consult_date 咨询⏎时间=consult_time 咨询⏎渠道=contact_way 客户⏎姓名=name 联系⏎电话=phone 微信号=wechat QQ号=qq 单位/店名=company "
    "省=province 市=city 县/区=county 乡镇=township 地址=address 意向⏎品牌=brand 咨询⏎内容=content 意向⏎初判=intent 是否⏎紧急=urgent "
    "登记⏎客服=clerk"
)
CONSULT_NO_ADDRESS = headers(
    "咨询日期=consult_date 咨询渠道=contact_way 称呼=title 联系人=name 手机号码=phone 微信=wechat QQ=qq 单位=company 所在省=province "
    "所在市=city 所在区县=county 乡/镇=township 咨询品牌=brand 产品=product 咨询内容=content 意向程度=intent 是否紧急=urgent "
    "接待客服=clerk 备注=note"
)

# 客户信息移交表: the form, and the one with the sales department's half under a group title
HANDOVER_FORM = headers(
    "序号=serial 客户姓名=name 称呼/职务=title 联系电话=phone 微信号=wechat QQ号=qq 单位/店名=company 省=province 市=city 县/区=county "
    "乡镇=township 详细地址=address 信息来源=channel 来源明细=source_detail 获取日期=obtained_date 意向品牌=brand 意向产品=product "
    "客户情况=content 是否紧急=urgent 紧急先行处理=urgent_action 补记日期=recorded_date 处理人=handler 处理日期=handled_date "
    "处理结果=result 下一步跟进=next_step 下次跟进日期=next_date 备注=note"
)
HANDOVER_SHORT = headers(
    "No=serial 姓名=name 手机=phone 微信=wechat QQ=qq 单位=company 省=province 市=city 区县=county 乡镇=township 地址=address 客户来源=channel "
    "具体来源=source_detail 日期=obtained_date 意向品牌=brand 情况说明=content 是否加急=urgent 先行处理=urgent_action "
    "补记时间=recorded_date 处理人=handler 反馈日期=handled_date 反馈结果=result 下一步=next_step 跟进日期=next_date 备注=note"
)

# 客户名录表
DIRECTORY_BOUGHT = headers(
    "企业名称=company 联系人=name 职务=title 电话=phone QQ=qq 省份=province 城市=city 区县=county 乡镇=township 地址=address 主营产品=products "
    "信息来源=channel 名录名称=source_detail 购买日期=obtained_date 购买费用=cost 来源依据=legal_basis 登记客服=clerk"
)
DIRECTORY_SHANGHAI = headers(
    "姓名=name 职位=title 手机=phone 公司=company 省份=province 城市=city 联系地址=address 主营=products 来源=channel 展会名称=source_detail "
    "参展日期=obtained_date 来源依据=legal_basis 意向品牌=brand 展位号= 备注=note"
)
DIRECTORY_PEER = headers(
    "客户名称=company 负责人=name 电话=phone 联系地址=address 现有品牌=products 来源=channel 来源说明=source_detail 日期=obtained_date "
    "授权依据=legal_basis 品牌=brand 记录人=clerk 电话=dup 备注=note"
)
DIRECTORY_JINAN = headers(
    "客户姓名=name 称呼/职务=title 联系电话=phone 微信号=wechat 单位/店名=company 省=province 市=city 县/区=county 乡镇=township 详细地址=address "
    "信息来源=channel 来源名称=source_detail 获取日期=obtained_date 费用=cost 来源依据=legal_basis 主营/现有品牌=products 意向品牌=brand "
    "意向产品=product 登记客服=clerk 备注=note"
)
DIRECTORY_CARDS = headers(
    "姓名=name 职务=title 手机号=phone 单位名称=company 省=province 市=city 县/区=county 乡镇=township 地址=address 信息来源=channel "
    "来源名称=source_detail 来源依据=legal_basis 主营业务=products 意向品牌=brand 性别="
)

# 转介绍客户名录表
REFERRAL_FORM = headers(
    "转介绍日期=referral_date 转介绍方式=referral_way 转介绍人=referrer 转介绍人电话=referrer_phone 双方关系=relation 我方委托人=entrusted_by "
    "客户姓名=name 联系电话=phone 微信号=wechat 单位/店名=company 省=province 市=city 县/区=county 乡镇=township 详细地址=address "
    "被介绍人意愿=willing 意向品牌=brand 意向产品=product 登记人=clerk 备注=note"
)
REFERRAL_ALIAS = headers(
    "日期=referral_date 介绍方式=referral_way 介绍人=referrer 介绍人电话=referrer_phone 关系=relation 委托人=entrusted_by 被介绍人=name "
    "被介绍人电话=phone 微信=wechat 店名=company 省=province 市=city 区县=county 乡镇=township 地址=address 意愿=willing 品牌=brand 登记人=clerk"
)

# 陌生拜访登记本
VISIT_FORM = headers(
    "拜访日期=visit_date 业务代表=rep 意向区域=area 客户姓名=name 称呼/职务=title 联系电话=phone 微信号=wechat 单位/店名=company 省=province 市=city "
    "县/区=county 乡镇=township 详细地址=address 经营产品/品牌=products 店面面积=shop_area 员工人数=staff_count 开业年限=open_years "
    "收集资料=collected 对方态度=attitude 初步意向=intent 意向品牌=brand 再访日期=revisit_date 备注=note"
)
VISIT_ORDER = headers(
    "意向区域=area 拜访日期=visit_date 店名=company 客户姓名=name 职务=title 手机号=phone 微信=wechat 省=province 市=city 县/区=county 乡镇=township "
    "门店地址=address 主营=products 面积=shop_area 人数=staff_count 年限=open_years 收集资料=collected 态度=attitude 意向程度=intent "
    "意向品牌=brand 再访日期=revisit_date 业务代表=rep 备注=note 是否有停车位="
)
VISIT_ALIAS = headers(
    "走访日期=visit_date 业务员=rep 片区=area 店面名称=company 联系人=name 称呼=title 联系电话=phone 微信=wechat 省=province 市=city 区县=county "
    "乡镇=township 店面地址=address 经营产品=products 面积(㎡)=shop_area 员工数=staff_count 经营年限=open_years 收集的资料=collected 客户态度=attitude "
    "意向=intent 品牌=brand 下次拜访=revisit_date"
)

ANALYSIS_FORM = headers(
    "客户编号=lead 客户姓名=name 联系电话=phone 单位/店名=company 客户层级=region_level 客户性质=nature 经营模式=business_mode 企业规模=scale "
    "门店数=shops 从业时间=experience 团队大小=team 经营理念=philosophy 需求=need 需求产品类型=need_product 现存问题=problem 解决方法=solution "
    "问题匹配=problem_fit 合作可能性=likelihood 性格特点=character 销售难易=ease 是否电话沟通=phoned 沟通日期=phoned_date 分析人=analyst "
    "分析日期=analysis_date 移交跟进人=handed_to"
)
ANALYSIS_ALIAS = headers(
    "分析日期=analysis_date 分析人=analyst 客户编号=lead 姓名=name 手机号=phone 店名=company 层级=region_level 企业规模=scale 团队人数=team "
    "从业时间=experience 理念=philosophy 客户需求=need 问题匹配=problem_fit 可能性=likelihood 难易程度=ease 性格特点=character 移交跟进人=handed_to"
)
NEGOTIATION = headers(
    "客户姓名=name 联系电话=phone 次数=talk_number 洽谈日期=talk_date 时长(分钟)=minutes 洽谈方式=talk_way 我方洽谈人=our_people 洽谈内容=content "
    "洽谈状态=talk_state 失败原因=lost_reason 下一步=next_step 下次洽谈日期=next_talk_date 结案日期=closed_date"
)
MATERIALS = headers(
    "资料编号=material_id 资料名称=material 类别=category 版本=version 更新日期=updated_date 有效期至=valid_until 存放位置=place 保管人=keeper "
    "可外发=may_send"
)
NEGOTIATION_FULL = headers(
    "客户编号=lead 客户姓名=name 联系电话=phone 第几次=talk_number 洽谈日期=talk_date 洽谈方式=talk_way 我方洽谈人=our_people 洽谈内容=content "
    "客户需求=needs 异议/疑问=objections 我方答复=our_answer 洽谈状态=talk_state 报价金额=quote 成交金额=deal_amount 下一步=next_step "
    "下次洽谈日期=next_talk_date 结案日期=closed_date"
)
STRATEGY = headers(
    "客户编号=lead 客户姓名=name 联系电话=phone 级别=grade 跟进目标=goal 关注点=focus 顾虑=worry 策略要点=approach 洽谈方式=talk_way 责任人=responsible "
    "第一步=step1 第一步时间=step1_date 第二步=step2 第二步时间=step2_date 所需资料=materials_needed 执行结果=outcome"
)
AFTERSALES = headers(
    "客户编号=lead 姓名=name 电话=phone 合作品牌=deal_product 合作日期=deal_date 回访日期=visit_date 回访方式=visit_way 回访人=visitor 满意度=satisfaction "
    "使用情况=usage 问题分类=issue_type 问题描述=issue 责任人=responsible 限期=deadline 是否解决=solved 转介绍意愿=refer_willing 下次回访日期=next_visit_date"
)
THANKS = headers(
    "转介绍人=referrer 转介绍人电话=referrer_phone 被介绍客户编号=lead 成功判定=success 成功日期=success_date 答谢方式=thanks_way 答谢内容=thanks "
    "经办人=handled_by 实际答谢日期=thanked_date 状态=state"
)
